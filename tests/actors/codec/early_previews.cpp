#define CAF_SUITE actors_codec_early_previews

#include "actors/codec/early_previews.hpp"

#include "tests/actors/fixture.hpp"

#include <list>

using namespace mediad;
using namespace mediad::tests;
using namespace std::chrono_literals;

namespace {

using answer_box = std::shared_ptr<std::optional<result<media::job_result>>>;
using job_promise = caf::typed_response_promise<media::job_result>;

// A promise can only be kept from within its actor: tick_atom ends the oldest job.
using fake_worker_impl = codec_worker_actor::extend<caf::reacts_to<caf::tick_atom>>;

/// A worker whose jobs last until the test ends them.
struct worker_log {
  fake_worker_impl actor;
  std::vector<media::job> ran;
  std::deque<job_promise> running;
  std::function<void(job_promise&)> how_to_end;
  std::vector<std::uint64_t> ended; ///< Numbers of jobs.
};

fake_worker_impl fake_worker(caf::actor_system& sys, worker_log& log) {
  return sys.spawn([&log](fake_worker_impl::pointer self) -> fake_worker_impl::behavior_type {
    return {
      [&log, self](run_atom, const media::job& j,
                   const progress_sink&) -> caf::result<media::job_result> {
        log.ran.push_back(j);
        return log.running.emplace_back(self->make_response_promise<media::job_result>());
      },
      [](caf::open_atom) {},
      [](caf::close_atom) {},
      [&log](caf::tick_atom) {
        log.how_to_end(log.running.front());
        log.running.pop_front();
      },
    };
  });
}

struct fixture : actor_fixture {
  std::list<worker_log> workers;
  actors::early_settings settings;
  early_previews_actor early;

  fixture() {
    settings.at_once = 1;
    start();
  }

  void start() {
    actors::early_previews_deps deps;
    deps.make_worker = [this] {
      auto& log = workers.emplace_back();
      log.actor = fake_worker(sys, log);
      return actors::codec_worker{log.actor,
                                  [&log](std::uint64_t number) { log.ended.push_back(number); },
                                  [] {}, std::make_shared<actors::input_feed>()};
    };
    deps.work_dir = [](const std::string& id) {
      return "/work/" + id + "-0";
    };
    early = actors::spawn_early_previews(sys, settings, deps);
    settle();
  }

  ~fixture() {
    stop();
  }

  void stop() {
    for (auto& w : workers) {
      w.running.clear();
      w.actor = nullptr;
    }
    caf::anon_send_exit(early, caf::exit_reason::user_shutdown);
    settle();
  }

  void grow(const std::string& id, std::uint64_t from, std::uint64_t to,
            const std::string& user = "ann") {
    self->send(early, growth{id, from, to, user});
    settle();
  }

  answer_box take(const std::string& id, std::uint64_t bytes) {
    return ask<media::job_result>(early, accept_atom_v, id, bytes);
  }

  void start_with(std::uint32_t at_once) {
    stop();
    workers.clear();
    settings.at_once = at_once;
    start();
  }

  /// How many files of this beginning of their ids have a worker.
  std::size_t begun(const std::string& beginning) const {
    std::size_t found = 0;
    for (const auto& w : workers)
      for (const auto& j : w.ran)
        found += j.file_id.starts_with(beginning) ? 1 : 0;
    return found;
  }

  worker_log& worker() {
    return workers.front();
  }

  template <class How>
  void end(How how) {
    worker().how_to_end = how;
    self->send(worker().actor, caf::tick_atom_v);
    settle();
  }

  void finish() {
    end([](auto& promise) {
      media::job_result made;
      made.media_type = "image/jpeg";
      promise.deliver(made);
    });
  }

  void break_off(errc code) {
    end([code](auto& promise) { promise.deliver(to_caf(fail(code, "test"))); });
  }
};

bool is_error(const answer_box& box, errc code) {
  return *box && !**box && (*box)->error().code == code;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(early_previews_tests, fixture)

CAF_TEST(the first bytes of a file begin its preview in a folder of its own) {
  grow("a", 0, 100);
  CAF_REQUIRE_EQUAL(worker().ran.size(), 1u);
  const auto& job = worker().ran.front();
  CAF_CHECK(job.kind == media::job_kind::early_preview);
  CAF_CHECK_EQUAL(job.file_id, "a");
  CAF_CHECK_EQUAL(job.sha256, ""); // it is not stored, but in staging
  CAF_CHECK_EQUAL(job.output_dir, "/work/a-0");
}

CAF_TEST(a preview that was made before the last byte came waits for its file) {
  grow("a", 0, 100);
  finish();
  grow("a", 100, 150);
  const auto made = take("a", 150);
  CAF_REQUIRE(*made && **made);
  CAF_CHECK_EQUAL((*made)->value().media_type, "image/jpeg");
  CAF_CHECK(is_error(take("a", 150), errc::not_found));
}

CAF_TEST(whoever asks before the preview is made gets it as soon as it is) {
  grow("a", 0, 100);
  const auto made = take("a", 100);
  CAF_CHECK(!*made);
  finish();
  CAF_CHECK(*made && **made);
}

CAF_TEST(a file of which no early preview was begun has none) {
  grow("a", 100, 200);
  CAF_CHECK(worker().ran.empty());
  CAF_CHECK(is_error(take("a", 200), errc::not_found));
}

CAF_TEST(other bytes than were decoded take the preview with them) {
  grow("a", 0, 100);
  grow("a", 60, 120);
  CAF_CHECK(worker().ended == std::vector{worker().ran.back().number});
  CAF_CHECK(is_error(take("a", 120), errc::not_found));
}

CAF_TEST(a finished preview of other bytes is not handed out) {
  grow("a", 0, 100);
  finish();
  CAF_CHECK(is_error(take("a", 90), errc::not_found));
}

CAF_TEST(what cannot be decoded early is answered at once and frees the worker) {
  grow("a", 0, 100);
  break_off(errc::unsupported_media);
  CAF_CHECK(is_error(take("a", 100), errc::not_found));
  grow("b", 0, 100);
  CAF_CHECK_EQUAL(worker().ran.size(), 2u);
}

CAF_TEST(a worker that dies is the answer to whoever waits) {
  grow("a", 0, 100);
  const auto made = take("a", 100);
  break_off(errc::worker_died);
  CAF_CHECK(is_error(made, errc::worker_died));
}

CAF_TEST(a file that comes while all workers are busy waits for none) {
  grow("a", 0, 100);
  grow("b", 0, 100);
  CAF_CHECK_EQUAL(workers.size(), 1u);
  CAF_CHECK_EQUAL(worker().ran.size(), 1u);
  CAF_CHECK(is_error(take("b", 100), errc::not_found));
}

CAF_TEST(a file that stops coming gives its worker back) {
  grow("a", 0, 100);
  after(settings.patience - 1s);
  CAF_CHECK(worker().ended.empty());
  after(2s);
  CAF_CHECK(worker().ended == std::vector{worker().ran.back().number});
  break_off(errc::worker_died);
  grow("b", 0, 100);
  CAF_CHECK_EQUAL(worker().ran.size(), 2u);
}

CAF_TEST(nobody waits for a late preview longer than the limit) {
  grow("a", 0, 100);
  const auto made = take("a", 100);
  after(settings.finish_limit * 2);
  CAF_CHECK(is_error(made, errc::timeout));
  CAF_CHECK(worker().ended == std::vector{worker().ran.back().number});
}

CAF_TEST(a file that will not come is let go at once) {
  grow("a", 0, 100);
  self->send(early, remove_atom_v, std::string{"a"});
  settle();
  CAF_CHECK(worker().ended == std::vector{worker().ran.back().number});
}

CAF_TEST(the answer of a job that was given up is not taken for that of the next) {
  grow("a", 0, 100);
  grow("a", 0, 50); // begun anew: gives the first up, whose worker is still busy
  finish();
  CAF_CHECK(is_error(take("a", 50), errc::not_found));
}

CAF_TEST(a user alone has all early previews at once) {
  start_with(4);
  for (const auto* id : {"a1", "a2", "a3", "a4", "a5"})
    grow(id, 0, 100, "ann");
  CAF_CHECK_EQUAL(begun("a"), 4u);
}

CAF_TEST(once there are several users one early preview is left for the next) {
  start_with(4);
  grow("b1", 0, 100, "bob");
  for (const auto* id : {"a1", "a2", "a3"})
    grow(id, 0, 100, "ann");
  CAF_CHECK_EQUAL(begun("a"), 2u);
  grow("b2", 0, 100, "bob");
  CAF_CHECK_EQUAL(begun("b"), 1u);
  grow("c1", 0, 100, "cid");
  CAF_CHECK_EQUAL(begun("c"), 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()
