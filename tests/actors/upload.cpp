#define CAF_SUITE actors_upload

#include "actors/upload.hpp"

#include "tests/actors/fixture.hpp"

#include <nlohmann/json.hpp>

using namespace mediad;
using namespace mediad::tests;
using namespace std::chrono_literals;

namespace {

using outcome_of_attempt = std::function<result<storage::outcome>(std::uint32_t attempt)>;

/// What the processors of a test did, and what they are to do.
struct processor_log {
  outcome_of_attempt run;
  std::vector<std::uint32_t> attempts;
  std::vector<status> state_before; ///< The newest stored state when each was spawned.
  std::deque<caf::typed_response_promise<storage::outcome>> running;
  bool hold = false;
  processor_actor newest;
};

struct fixture : actor_fixture {
  storage_log stored;
  notifier_log heard;
  pool_log pool;
  processor_log processors;
  actors::processing_settings settings;
  upload_actor upload;

  fixture() {
    pool.run = [](const media::job&) {
      media::job_result r;
      r.kind = profile::image;
      r.media_type = "image/jpeg";
      return result<media::job_result>{r};
    };
    processors.run = succeed;
  }

  // Promises that are kept keep their actors: let go before the system waits for them.
  ~fixture() {
    processors.running.clear();
    stored.outcome_replies.waiting.clear();
    processors.newest = nullptr;
    caf::anon_send_exit(upload, caf::exit_reason::kill);
    upload = nullptr;
    settle();
  }

  static result<storage::outcome> succeed(std::uint32_t) {
    storage::outcome o;
    o.id = "u1";
    return o;
  }

  static outcome_of_attempt failing(errc code) {
    return [code](std::uint32_t) -> result<storage::outcome> {
      return fail(code, "test");
    };
  }

  void start() {
    actors::upload_deps deps;
    deps.storage = fake_storage(sys, stored);
    deps.notifier = fake_notifier(sys, heard);
    deps.pool = fake_pool(sys, pool);
    deps.staging_path = [](const std::string& id) {
      return "/staging/" + id;
    };
    deps.assign = [](const file_record& r) {
      return assignment{r, "/in", "/work"};
    };
    deps.make_processor = [this](profile, const upload_actor&) {
      return make_processor();
    };
    upload = actors::spawn_upload(sys, settings, deps);
  }

  processor_actor make_processor() {
    processors.state_before.push_back(stored.states.back());
    processors.newest =
      sys.spawn([this](processor_actor::pointer one) -> processor_actor::behavior_type {
        return {[this, one](process_atom, const assignment& a) -> caf::result<storage::outcome> {
          processors.attempts.push_back(a.record.attempt);
          if (processors.hold)
            return processors.running.emplace_back(one->make_response_promise<storage::outcome>());
          one->quit();
          return reply(processors.run(a.record.attempt));
        }};
      });
    return processors.newest;
  }

  std::shared_ptr<std::optional<result<file_record>>> hand_in_body() {
    start();
    received_body body;
    body.id = "u1";
    return ask<file_record>(upload, accept_atom_v, body);
  }

  std::shared_ptr<std::optional<result<file_record>>> take_up(status state, std::uint32_t attempt) {
    start();
    file_record r;
    r.id = "u1";
    r.state = state;
    r.attempt = attempt;
    stored.files["u1"] = r;
    return ask<file_record>(upload, process_atom_v, r);
  }

  std::ptrdiff_t terminal_states() const {
    return std::count_if(stored.states.begin(), stored.states.end(), is_terminal);
  }

  bool is_over() {
    self->monitor(upload);
    settle();
    bool down = false;
    self->receive([&](const caf::down_msg&) { down = true; }, caf::after(0s) >> [] {});
    return down;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(upload_tests, fixture)

CAF_TEST(a good body goes from registered through processing to ready) {
  const auto answer = hand_in_body();
  const std::vector<status> expected{status::registered, status::processing, status::ready};
  CAF_CHECK(stored.states == expected);
  CAF_REQUIRE(*answer);
  CAF_CHECK((**answer)->state == status::registered);
  CAF_CHECK(is_over());
}

CAF_TEST(a body is identified in the preview lane before it is registered) {
  hand_in_body();
  CAF_REQUIRE_EQUAL(pool.jobs.size(), 1u);
  CAF_CHECK(pool.jobs[0].kind == media::job_kind::identify);
  CAF_CHECK(pool.lanes[0] == lane::preview);
  CAF_CHECK_EQUAL(pool.jobs[0].input, "/staging/u1");
  CAF_CHECK_EQUAL(stored.files["u1"].media_type, "image/jpeg");
}

CAF_TEST(what cannot be identified is kept as other) {
  pool.run = [](const media::job&) -> result<media::job_result> {
    return fail(errc::worker_died, "test");
  };
  const auto answer = hand_in_body();
  after(1h);
  after(1h);
  CAF_CHECK_EQUAL(pool.jobs.size(), 3u);
  CAF_REQUIRE(*answer);
  CAF_CHECK((**answer)->kind == profile::other);
}

CAF_TEST(a body that storage refuses is answered with its reason) {
  stored.refuse = fail(errc::storage_full, "test");
  const auto answer = hand_in_body();
  CAF_REQUIRE(*answer);
  CAF_CHECK((*answer)->error().code == errc::storage_full);
  CAF_CHECK(is_over());
}

CAF_TEST(every attempt is stored before its processor starts) {
  processors.run = failing(errc::worker_died);
  hand_in_body();
  after(1h);
  after(1h);
  CAF_REQUIRE_EQUAL(processors.state_before.size(), 3u);
  for (auto state : processors.state_before)
    CAF_CHECK(state == status::processing);
  const std::vector<std::uint32_t> expected{1, 2, 3};
  CAF_CHECK_EQUAL(processors.attempts, expected);
}

CAF_TEST(a corrupt file is never tried twice) {
  processors.run = failing(errc::corrupt_media);
  hand_in_body();
  after(1h);
  CAF_CHECK_EQUAL(processors.attempts.size(), 1u);
  CAF_CHECK(stored.states.back() == status::failed);
  CAF_CHECK_EQUAL(stored.transitions.back().failure.code, "corrupt_media");
  CAF_CHECK(is_over());
}

CAF_TEST(a file that kills its worker is retried with doubling delays and then fails) {
  processors.run = failing(errc::worker_died);
  hand_in_body();
  CAF_CHECK_EQUAL(processors.attempts.size(), 1u);
  after(499ms);
  CAF_CHECK_EQUAL(processors.attempts.size(), 1u);
  after(1ms);
  CAF_CHECK_EQUAL(processors.attempts.size(), 2u);
  after(999ms);
  CAF_CHECK_EQUAL(processors.attempts.size(), 2u);
  after(1ms);
  CAF_CHECK_EQUAL(processors.attempts.size(), 3u);
  CAF_CHECK(stored.states.back() == status::failed);
  CAF_CHECK_EQUAL(stored.transitions.back().failure.code, "worker_died");
  after(1h);
  CAF_CHECK_EQUAL(processors.attempts.size(), 3u);
}

CAF_TEST(a job that timed out is tried again) {
  processors.run = [](std::uint32_t attempt) -> result<storage::outcome> {
    if (attempt == 1)
      return fail(errc::timeout, "test");
    return succeed(attempt);
  };
  hand_in_body();
  after(1h);
  CAF_CHECK_EQUAL(processors.attempts.size(), 2u);
  CAF_CHECK(stored.states.back() == status::ready);
}

CAF_TEST(a processor that throws is retried like any other failure) {
  processors.run = [](std::uint32_t) -> result<storage::outcome> {
    throw std::runtime_error{"decoder bug"};
  };
  hand_in_body();
  after(1h);
  after(1h);
  CAF_CHECK_EQUAL(processors.attempts.size(), 3u);
  CAF_CHECK_EQUAL(terminal_states(), 1);
  CAF_CHECK(stored.states.back() == status::failed);
}

CAF_TEST(a processor that dies without an answer is noticed) {
  processors.hold = true;
  hand_in_body();
  self->send_exit(processors.newest, caf::exit_reason::kill);
  processors.running.clear();
  settle();
  after(1h);
  CAF_CHECK_EQUAL(processors.attempts.size(), 2u);
}

CAF_TEST(a cancelled file ends once as cancelled and its jobs are stopped) {
  processors.hold = true;
  hand_in_body();
  const auto answer = ask<file_record>(upload, cancel_atom_v);
  CAF_REQUIRE(*answer);
  CAF_CHECK((**answer)->state == status::cancelled);
  CAF_REQUIRE_EQUAL(pool.cancelled.size(), 1u);
  CAF_CHECK_EQUAL(pool.cancelled[0], "u1");
  processors.running.clear();
  after(1h);
  CAF_CHECK_EQUAL(processors.attempts.size(), 1u);
  CAF_CHECK_EQUAL(terminal_states(), 1);
  CAF_CHECK(is_over());
}

CAF_TEST(a cancel while the result is being stored comes too late and says so) {
  stored.outcome_replies.hold = true;
  hand_in_body();
  const auto answer = ask<file_record>(upload, cancel_atom_v);
  CAF_REQUIRE(*answer);
  CAF_CHECK((*answer)->error().code == errc::conflict);
  CAF_CHECK_EQUAL(terminal_states(), 1);
  CAF_CHECK(is_over());
}

CAF_TEST(a cancel between two attempts stops the next one) {
  processors.run = failing(errc::worker_died);
  hand_in_body();
  ask<file_record>(upload, cancel_atom_v);
  after(1h);
  CAF_CHECK_EQUAL(processors.attempts.size(), 1u);
  CAF_CHECK(stored.states.back() == status::cancelled);
}

CAF_TEST(a restart takes an attempt up again under its number) {
  processors.run = failing(errc::worker_died);
  take_up(status::processing, 3);
  after(1h);
  const std::vector<std::uint32_t> expected{3};
  CAF_CHECK_EQUAL(processors.attempts, expected);
  CAF_CHECK(stored.states.back() == status::failed);
}

CAF_TEST(a retry by the user counts from the beginning and answers once it is processing) {
  processors.hold = true;
  const auto answer = take_up(status::failed, 3);
  CAF_REQUIRE(*answer);
  CAF_CHECK((**answer)->state == status::processing);
  CAF_CHECK_EQUAL((**answer)->attempt, 1u);
}

CAF_TEST(a preview is published under the attempt that made it) {
  processors.hold = true;
  take_up(status::processing, 2);
  preview_made preview;
  preview.preview.thumbhash = "abc";
  const auto answer = ask<caf::ok_atom>(upload, preview);
  CAF_REQUIRE(*answer);
  CAF_CHECK((*answer)->has_value());
  CAF_REQUIRE_EQUAL(stored.previews.size(), 1u);
  CAF_CHECK_EQUAL(stored.previews[0].attempt, 2u);
  CAF_CHECK_EQUAL(stored.previews[0].id, "u1");
}

CAF_TEST(live progress is told at most once per interval and asked for at any time) {
  processors.hold = true;
  hand_in_body();
  after(1h);
  for (int i = 1; i <= 10; ++i) {
    self->send(upload, stage_progress{"u1", stage::compress, i / 10.0});
    after(100ms);
  }
  CAF_CHECK_EQUAL(heard.live.size(), 4u);
  const auto frame = nlohmann::json::parse(heard.live.at(0).text);
  CAF_CHECK_EQUAL(frame["type"], "file.progress");
  CAF_CHECK_EQUAL(frame["stage"], "compress");
  const auto now = ask<stage_progress>(upload, progress_atom_v);
  CAF_REQUIRE(*now);
  CAF_CHECK_EQUAL((**now)->fraction, 1.0);
}

CAF_TEST(a storage that fails ends the supervisor with its error) {
  processors.hold = true;
  hand_in_body();
  stored.refuse = fail(errc::storage_io, "test");
  self->monitor(upload);
  ask<file_record>(upload, cancel_atom_v);
  caf::error reason;
  self->receive([&](const caf::down_msg& down) { reason = down.reason; }, caf::after(0s) >> [] {});
  CAF_CHECK(from_caf(reason).code == errc::storage_io);
}

CAF_TEST(a file that was removed meanwhile ends its supervisor in peace) {
  stored.refuse = fail(errc::not_found, "test");
  take_up(status::registered, 0);
  CAF_CHECK(processors.attempts.empty());
  CAF_CHECK(is_over());
}

CAF_TEST_FIXTURE_SCOPE_END()
