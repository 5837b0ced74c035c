#define CAF_SUITE actors_uploads_supervisor_early

#include "tests/actors/uploads/fixture.hpp"

using namespace mediad;
using namespace mediad::tests;
using namespace std::chrono_literals;

namespace {

result<media::job_result> early_preview(const std::string&) {
  media::job_result made;
  made.profile = profile::image;
  made.media_type = "image/jpeg";
  made.media = R"({"width":3})";
  made.thumbhash = "hash";
  made.files.emplace_back().name = "preview.webp";
  return made;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(upload_early_tests, upload_fixture)

CAF_TEST(a file whose preview was made while it arrived is published without another job) {
  early.take = early_preview;
  const auto answer = hand_in_body();
  CAF_CHECK(pool.jobs.empty());
  CAF_REQUIRE(*answer && **answer);
  CAF_CHECK_EQUAL((**answer)->media_type, "image/jpeg");
  CAF_REQUIRE_EQUAL(stored.previews.size(), 1u);
  const auto& shown = stored.previews.front();
  CAF_CHECK(shown.is_early);
  CAF_CHECK_EQUAL(shown.attempt, 1u);
  CAF_CHECK(stored.transitions.front().keeps_early);
  CAF_CHECK_EQUAL(shown.preview.thumbhash, "hash");
  CAF_CHECK_EQUAL(shown.media, R"({"width":3})");
  CAF_CHECK(processors.had_preview == std::vector<bool>{true});
  CAF_CHECK(is_over());
}

CAF_TEST(a file without an early preview is identified and processed as ever) {
  hand_in_body();
  CAF_CHECK_EQUAL(early.asked.size(), 1u);
  CAF_CHECK_EQUAL(pool.jobs.size(), 1u);
  CAF_CHECK(processors.had_preview == std::vector<bool>{false});
}

CAF_TEST(an early preview that storage refuses costs nothing but itself) {
  early.take = early_preview;
  stored.refuse_previews = fail(errc::bad_request, "test");
  const auto answer = hand_in_body();
  CAF_REQUIRE(*answer && **answer);
  CAF_CHECK(processors.had_preview == std::vector<bool>{false});
  CAF_CHECK(stored.states.back() == status::ready);
}

CAF_TEST(a file that storage refuses publishes no early preview) {
  early.take = early_preview;
  stored.refuse = fail(errc::quota_exceeded, "test");
  const auto answer = hand_in_body();
  CAF_REQUIRE(*answer);
  CAF_CHECK((*answer)->error().code == errc::quota_exceeded);
  CAF_CHECK(processors.attempts.empty());
  CAF_CHECK(is_over());
}

CAF_TEST(a second attempt after an early preview is counted as the second) {
  early.take = early_preview;
  processors.run = failing(errc::worker_died);
  hand_in_body();
  after(1h);
  const std::vector<std::uint32_t> expected{1, 2};
  CAF_CHECK_EQUAL(processors.attempts, expected);
}

CAF_TEST(a body whose record is made by its arrival asks for no early preview) {
  start();
  received_body body;
  body.id = "u1";
  body.fresh.user = "local";
  ask<file_record>(upload, accept_atom_v, body);
  CAF_CHECK(early.asked.empty());
}

CAF_TEST_FIXTURE_SCOPE_END()
