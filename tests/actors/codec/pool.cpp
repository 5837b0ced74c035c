#define CAF_SUITE actors_codec_pool

#include "actors/codec/pool.hpp"

#include "tests/actors/fixture.hpp"

#include <list>

using namespace mediad;
using namespace mediad::tests;
using namespace std::chrono_literals;

namespace {

using answer_box = std::shared_ptr<std::optional<result<media::job_result>>>;

// A promise can only be kept from within its actor: tick_atom ends the oldest job.
using fake_worker_impl = codec_worker_actor::extend<caf::reacts_to<caf::tick_atom>>;

/// A worker whose jobs last until the test ends them.
struct worker_log {
  fake_worker_impl actor;
  media::worker_kind kind = media::worker_kind::light;
  lane where = lane::preview;
  std::vector<std::string> ran;
  std::deque<caf::typed_response_promise<media::job_result>> running;
  std::function<void(caf::typed_response_promise<media::job_result>&)> how_to_end;
  int kills = 0;
  std::vector<std::uint64_t> ended;   ///< Numbers of the jobs that were to end.
  std::vector<std::uint64_t> numbers; ///< Numbers of the jobs that ran.
  int opened = 0;
  int closed = 0;
  std::chrono::milliseconds used{0}; ///< Processor time of its job.
};

fake_worker_impl fake_worker(caf::actor_system& sys, worker_log& log) {
  return sys.spawn([&log](fake_worker_impl::pointer self) -> fake_worker_impl::behavior_type {
    return {
      [&log, self](run_atom, const media::job& j,
                   const progress_sink&) -> caf::result<media::job_result> {
        log.ran.push_back(j.file_id);
        log.numbers.push_back(j.number);
        return log.running.emplace_back(self->make_response_promise<media::job_result>());
      },
      [&log](caf::open_atom) { ++log.opened; },
      [&log](caf::close_atom) { ++log.closed; },
      [&log](caf::tick_atom) {
        log.how_to_end(log.running.front());
        log.running.pop_front();
      },
    };
  });
}

struct fixture : actor_fixture {
  std::list<worker_log> workers; ///< Workers in the order in which they were made.
  actors::lane_settings settings;
  codec_pool_actor pool;
  std::shared_ptr<metrics::registry> numbers = std::make_shared<metrics::registry>();

  fixture() {
    settings.preview = 1;
    settings.batch = 2;
    settings.preview_deadline = 10s;
    settings.batch_deadline = 60s;
    settings.idle_timeout = 300s;
  }

  // A promise that is kept keeps its actor: let go of all before the system waits for them.
  ~fixture() {
    for (auto& w : workers) {
      w.running.clear();
      w.actor = nullptr;
    }
    caf::anon_send_exit(pool, caf::exit_reason::user_shutdown);
    settle();
  }

  void start() {
    actors::codec_pool_deps deps;
    deps.make_worker = [this](media::worker_kind kind, lane l) {
      auto& log = workers.emplace_back();
      log.kind = kind;
      log.where = l;
      log.actor = fake_worker(sys, log);
      return actors::codec_worker{log.actor,
                                  [&log](std::uint64_t number) { log.ended.push_back(number); },
                                  [&log] { ++log.kills; },
                                  {},
                                  [&log] {
                                    return log.used;
                                  }};
    };
    deps.metrics = numbers;
    pool = actors::spawn_codec_pool(sys, settings, deps);
    settle();
  }

  /// `running of slots, waiting` of a lane, as /metrics has them.
  std::string load_of(const std::string& lane_name) const {
    const metrics::labels with{{"lane", lane_name}};
    return std::to_string(numbers->value("mediad_jobs_running", with)) + " of "
           + std::to_string(numbers->value("mediad_lane_slots", with)) + ", "
           + std::to_string(numbers->value("mediad_jobs_waiting", with));
  }

  answer_box run(const std::string& file, media::job_kind kind, lane l) {
    media::job j;
    j.file_id = file;
    j.kind = kind;
    j.media_type = "image/jpeg";
    return ask<media::job_result>(pool, run_atom_v, j, l, progress_sink{});
  }

  worker_log& running(const std::string& file) {
    for (auto& w : workers)
      if (!w.running.empty() && !w.ran.empty() && w.ran.back() == file)
        return w;
    CAF_FAIL("nobody runs " + file);
    throw std::logic_error{"unreachable"};
  }

  bool is_running(const std::string& file) {
    return std::any_of(workers.begin(), workers.end(), [&](const worker_log& w) {
      return !w.running.empty() && w.ran.back() == file;
    });
  }

  void finish(const std::string& file) {
    end(file, [](auto& promise) { promise.deliver(media::job_result{}); });
  }

  void break_off(const std::string& file, errc code) {
    end(file, [code](auto& promise) { promise.deliver(to_caf(fail(code, "test"))); });
  }

  template <class How>
  void end(const std::string& file, How how) {
    auto& w = running(file);
    w.how_to_end = how;
    self->send(w.actor, caf::tick_atom_v);
    settle();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(codec_pool_tests, fixture)

CAF_TEST(one worker of each kind is warm before the first job) {
  start();
  CAF_CHECK_EQUAL(workers.size(), 5u);
  for (const auto& w : workers)
    CAF_CHECK_EQUAL(w.opened, 1);
}

CAF_TEST(a full batch lane never holds up a preview) {
  start();
  run("v1", media::job_kind::video_compress, lane::batch);
  run("v2", media::job_kind::video_compress, lane::batch);
  run("v3", media::job_kind::video_compress, lane::batch);
  const auto preview = run("photo", media::job_kind::image_preview, lane::preview);
  CAF_CHECK(!is_running("v3"));
  finish("photo");
  CAF_REQUIRE(*preview);
  CAF_CHECK((*preview)->has_value());
}

CAF_TEST(a lane runs as many jobs as it has slots and the others in order) {
  start();
  for (const auto* file : {"a", "b", "c", "d"})
    run(file, media::job_kind::image_renditions, lane::batch);
  CAF_CHECK(is_running("a") && is_running("b"));
  CAF_CHECK(!is_running("c"));
  finish("b");
  CAF_CHECK(is_running("c"));
  CAF_CHECK(!is_running("d"));
  finish("a");
  CAF_CHECK(is_running("d"));
}

CAF_TEST(what runs and what waits in a lane can be read) {
  start();
  CAF_CHECK_EQUAL(load_of("batch"), "0 of 2, 0");
  for (const auto* file : {"v1", "v2", "v3", "v4"})
    run(file, media::job_kind::video_compress, lane::batch);
  CAF_CHECK_EQUAL(load_of("batch"), "2 of 2, 2");
  CAF_CHECK_EQUAL(load_of("preview"), "0 of 1, 0");
  const auto busy = numbers->value("mediad_workers_busy", {{"kind", "av"}});
  CAF_CHECK_EQUAL(busy, 2u);
  self->send(pool, cancel_atom_v, std::string{"v4"});
  settle();
  finish("v1");
  CAF_CHECK_EQUAL(load_of("batch"), "2 of 2, 0");
  finish("v2");
  finish("v3");
  CAF_CHECK_EQUAL(load_of("batch"), "0 of 2, 0");
  const auto warm = numbers->value("mediad_workers", {{"kind", "office"}});
  CAF_CHECK_EQUAL(warm, 1u);
}

CAF_TEST(a worker that is free is used again) {
  start();
  run("a", media::job_kind::image_preview, lane::preview);
  finish("a");
  run("b", media::job_kind::image_preview, lane::preview);
  CAF_CHECK_EQUAL(workers.size(), 5u);
  CAF_CHECK_EQUAL(running("b").ran.size(), 2u);
}

CAF_TEST(a job that has used up its processor time is killed and answered with timeout) {
  start();
  const auto answer = run("a", media::job_kind::image_preview, lane::preview);
  running("a").used = 10s;
  after(9'999ms);
  CAF_CHECK_EQUAL(running("a").kills, 0);
  after(1ms);
  CAF_CHECK_EQUAL(running("a").kills, 1);
  break_off("a", errc::worker_died);
  CAF_REQUIRE(*answer);
  CAF_CHECK((*answer)->error().code == errc::timeout);
}

CAF_TEST(a job that waits for a processor has more time by the clock) {
  start();
  run("a", media::job_kind::image_preview, lane::preview);
  running("a").used = 4s;
  after(10s);
  after(30s);
  CAF_CHECK_EQUAL(running("a").kills, 0);
  running("a").used = 11s;
  after(3s);
  CAF_CHECK_EQUAL(running("a").kills, 1);
}

CAF_TEST(a job that does nothing is killed after ten times its deadline) {
  start();
  const auto answer = run("a", media::job_kind::image_preview, lane::preview);
  after(99'999ms);
  CAF_CHECK(!*answer);
  after(1ms);
  CAF_REQUIRE(*answer);
  CAF_CHECK((*answer)->error().code == errc::timeout);
  CAF_CHECK_EQUAL(running("a").kills, 1);
}

CAF_TEST(a worker that dies costs its job and nothing else) {
  start();
  const auto first = run("a", media::job_kind::image_preview, lane::preview);
  const auto second = run("b", media::job_kind::image_preview, lane::preview);
  break_off("a", errc::worker_died);
  CAF_REQUIRE(*first);
  CAF_CHECK((*first)->error().code == errc::worker_died);
  finish("b");
  CAF_REQUIRE(*second);
  CAF_CHECK((*second)->has_value());
}

CAF_TEST(cancelling ends the job and not its worker and answers cancelled) {
  start();
  run("a", media::job_kind::video_compress, lane::batch);
  finish("a");
  const auto answer = run("a", media::job_kind::video_compress, lane::batch);
  self->send(pool, cancel_atom_v, std::string{"a"});
  settle();
  CAF_REQUIRE_EQUAL(running("a").numbers.size(), 2u);
  CAF_CHECK(running("a").ended == std::vector{running("a").numbers.back()});
  CAF_CHECK_LESS(running("a").numbers.front(), running("a").numbers.back());
  CAF_CHECK_EQUAL(running("a").kills, 0);
  break_off("a", errc::worker_died);
  CAF_REQUIRE(*answer);
  CAF_CHECK((*answer)->error().code == errc::cancelled);
}

CAF_TEST(cancelling drops what waits and leaves other files alone) {
  start();
  run("a", media::job_kind::image_preview, lane::preview);
  const auto dropped = run("b", media::job_kind::image_preview, lane::preview);
  const auto kept = run("c", media::job_kind::image_preview, lane::preview);
  self->send(pool, cancel_atom_v, std::string{"b"});
  settle();
  CAF_REQUIRE(*dropped);
  CAF_CHECK((*dropped)->error().code == errc::cancelled);
  CAF_CHECK(!*kept);
  finish("a");
  CAF_CHECK(is_running("c"));
}

CAF_TEST(an idle worker gives its memory back but the warm ones stay) {
  start();
  run("v", media::job_kind::video_compress, lane::batch);
  finish("v");
  after(301s);
  after(301s);
  for (const auto& w : workers)
    CAF_CHECK_EQUAL(w.closed, w.where == lane::batch ? 1 : 0);
}

CAF_TEST_FIXTURE_SCOPE_END()
