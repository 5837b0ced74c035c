#define CAF_SUITE actors_uploads_supervisor_requests

#include "tests/actors/uploads/fixture.hpp"

#include <nlohmann/json.hpp>

using namespace mediad;
using namespace mediad::tests;
using namespace std::chrono_literals;

CAF_TEST_FIXTURE_SCOPE(upload_requests_tests, upload_fixture)

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

CAF_TEST(a cancel is answered although the change before it fails first) {
  stored.failing_group = 2;
  const auto started = take_up(status::registered, 0);
  const auto cancelled = ask<file_record>(upload, cancel_atom_v);
  CAF_REQUIRE(*started);
  CAF_CHECK((*started)->error().code == errc::storage_full);
  CAF_REQUIRE(*cancelled);
  CAF_CHECK((*cancelled)->error().code == errc::storage_full);
  CAF_CHECK(is_over());
}

CAF_TEST(a file that was taken in unseen is identified before its first attempt) {
  take_up(status::registered, 0);
  CAF_REQUIRE_EQUAL(pool.jobs.size(), 1u);
  CAF_CHECK(pool.jobs[0].kind == media::job_kind::identify);
  CAF_CHECK_EQUAL(pool.jobs[0].sha256, "abc");
  CAF_CHECK(stored.files["u1"].profile == profile::image);
  CAF_CHECK_EQUAL(processors.attempts, (std::vector<std::uint32_t>{1}));
  CAF_CHECK(stored.states.back() == status::ready);
}

CAF_TEST(a file that was taken in unseen and that no worker can identify is kept as it is) {
  pool.run = [](const media::job&) {
    return result<media::job_result>{fail(errc::worker_died, "test")};
  };
  take_up(status::registered, 0);
  after(1h);
  after(1h);
  CAF_CHECK_EQUAL(pool.jobs.size(), settings.max_attempts);
  CAF_CHECK_EQUAL(stored.files["u1"].media_type, "application/octet-stream");
  CAF_CHECK_EQUAL(processors.attempts, (std::vector<std::uint32_t>{1}));
}

CAF_TEST(a file that was taken in unseen may be cancelled before it is identified) {
  pool.run = [](const media::job&) {
    return result<media::job_result>{fail(errc::worker_died, "test")};
  };
  take_up(status::registered, 0);
  const auto cancelled = ask<file_record>(upload, cancel_atom_v);
  CAF_REQUIRE(*cancelled);
  CAF_CHECK((**cancelled)->state == status::cancelled);
  after(1h);
  CAF_CHECK(processors.attempts.empty());
  CAF_CHECK(is_over());
}

CAF_TEST(a file that was removed meanwhile ends its supervisor in peace) {
  stored.refuse = fail(errc::not_found, "test");
  take_up(status::registered, 0);
  CAF_CHECK(processors.attempts.empty());
  CAF_CHECK(is_over());
}

CAF_TEST_FIXTURE_SCOPE_END()
