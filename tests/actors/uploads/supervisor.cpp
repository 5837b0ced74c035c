#define CAF_SUITE actors_uploads_supervisor

#include "tests/actors/uploads/fixture.hpp"

using namespace mediad;
using namespace mediad::tests;
using namespace std::chrono_literals;

CAF_TEST_FIXTURE_SCOPE(upload_tests, upload_fixture)

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
  CAF_CHECK_EQUAL(pool.jobs[0].file_id, "u1");
  CAF_CHECK_EQUAL(pool.jobs[0].sha256, ""); // it is not stored, but in staging
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
  CAF_CHECK((**answer)->profile == profile::other);
}

CAF_TEST(a body that storage refuses is answered with its reason) {
  stored.refuse = fail(errc::storage_full, "test");
  const auto answer = hand_in_body();
  CAF_REQUIRE(*answer);
  CAF_CHECK((*answer)->error().code == errc::storage_full);
  CAF_CHECK(is_over());
}

CAF_TEST(the storage hears of which profiles a body may be) {
  constexpr auto wanted = 1U << static_cast<unsigned>(profile::video);
  hand_in_body(wanted);
  CAF_CHECK_EQUAL(stored.wanted_profiles, wanted);
}

CAF_TEST(every attempt is stored before its processor starts) {
  processors.run = failing(errc::internal);
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

CAF_TEST(a file that fails for another reason is retried with doubling delays and then fails) {
  processors.run = failing(errc::internal);
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
  CAF_CHECK_EQUAL(stored.transitions.back().failure.code, "internal");
  after(1h);
  CAF_CHECK_EQUAL(processors.attempts.size(), 3u);
}

CAF_TEST(a file that kills its worker twice in the same place gets no third try) {
  processors.run = failing(errc::worker_died);
  hand_in_body();
  after(1h);
  after(1h);
  CAF_CHECK_EQUAL(processors.attempts.size(), 2u);
  CAF_CHECK(stored.states.back() == status::failed);
  CAF_CHECK_EQUAL(stored.transitions.back().failure.code, "worker_died");
  CAF_CHECK(is_over());
}

CAF_TEST(places are the same in which progress was told a moment apart) {
  processors.run = [this](std::uint32_t number) -> result<storage::finished_attempt> {
    self->send(upload, stage_progress{"u1", stage::renditions, 0.41 + number / 100.0});
    return fail(errc::worker_died, "test");
  };
  hand_in_body();
  after(1h);
  after(1h);
  CAF_CHECK_EQUAL(processors.attempts.size(), 2u);
  CAF_CHECK(stored.states.back() == status::failed);
}

CAF_TEST(a file whose worker dies in another place each time has all its tries) {
  processors.run = [this](std::uint32_t number) -> result<storage::finished_attempt> {
    self->send(upload, stage_progress{"u1", stage::renditions, number / 10.0});
    return fail(errc::worker_died, "test");
  };
  hand_in_body();
  after(1h);
  after(1h);
  CAF_CHECK_EQUAL(processors.attempts.size(), 3u);
  CAF_CHECK(stored.states.back() == status::failed);
}

CAF_TEST(a job that ran into its deadline is never tried twice) {
  processors.run = failing(errc::timeout);
  hand_in_body();
  after(1h);
  CAF_CHECK_EQUAL(processors.attempts.size(), 1u);
  CAF_CHECK(stored.states.back() == status::failed);
  CAF_CHECK_EQUAL(stored.transitions.back().failure.code, "timeout");
  CAF_CHECK(is_over());
}

CAF_TEST(a processor that throws is retried like any other failure) {
  processors.run = [](std::uint32_t) -> result<storage::finished_attempt> {
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

CAF_TEST_FIXTURE_SCOPE_END()
