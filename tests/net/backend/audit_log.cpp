#define CAF_SUITE net_backend_audit_log

#include "net/backend/audit_log.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::net;
using namespace std::chrono_literals;

namespace {

struct fixture {
  audit_log::clock::time_point now{1h};
  std::vector<std::vector<audit_row>> kept;
  audit_log log{[this](std::vector<audit_row> rows) { kept.push_back(std::move(rows)); },
                [this] {
                  return now;
                }};

  static constexpr auto signing_in = audit_act::sign_in_failed;

  static audit_row row(const std::string& about) {
    audit_row a;
    a.act = to_string(audit_act::token_made);
    a.about = about;
    return a;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(audit_log_tests, fixture)

CAF_TEST(all that was noted is kept at once and only once) {
  log.note(row("one"));
  log.note(row("two"));
  CAF_CHECK(kept.empty());
  log.flush();
  log.flush();
  CAF_REQUIRE_EQUAL(kept.size(), 1u);
  CAF_REQUIRE_EQUAL(kept.front().size(), 2u);
  CAF_CHECK_EQUAL(kept.front()[0].about, "one");
  CAF_CHECK_EQUAL(kept.front()[1].about, "two");
  CAF_CHECK(kept.front()[0].at > 0);
}

CAF_TEST(guessing causes one row for each minute and pair) {
  for (int i = 0; i < 500; ++i) {
    log.note_refused(signing_in, "ann", "192.0.2.7");
    log.flush();
  }
  log.note_refused(signing_in, "ann", "192.0.2.8");
  CAF_CHECK(kept.empty());
  now += 1min;
  log.flush();
  CAF_REQUIRE_EQUAL(kept.size(), 1u);
  CAF_REQUIRE_EQUAL(kept.front().size(), 2u);
  const auto& first = kept.front().front();
  CAF_CHECK_EQUAL(first.act, "session.refused");
  CAF_CHECK_EQUAL(first.about, "ann");
  CAF_CHECK_EQUAL(first.address, "192.0.2.7");
  CAF_CHECK_EQUAL(first.count, 500u);
  CAF_CHECK_EQUAL(kept.front().back().count, 1u);
}

CAF_TEST(guesses at a share are kept apart from those at a user) {
  log.note_refused(signing_in, "ann", "192.0.2.7");
  log.note_refused(audit_act::share_refused, "ann", "192.0.2.7");
  log.flush(true);
  CAF_REQUIRE_EQUAL(kept.size(), 1u);
  CAF_REQUIRE_EQUAL(kept.front().size(), 2u);
  CAF_CHECK_EQUAL(kept.front().back().act, "share.refused");
}

CAF_TEST(a minute begins with the first wrong password after the last row) {
  log.note_refused(signing_in, "ann", "192.0.2.7");
  now += 1min;
  log.flush();
  now += 59s;
  log.note_refused(signing_in, "ann", "192.0.2.7");
  now += 59s;
  log.flush();
  CAF_CHECK_EQUAL(kept.size(), 1u);
  now += 1s;
  log.flush();
  CAF_CHECK_EQUAL(kept.size(), 2u);
}

CAF_TEST(guesses from everywhere take a bounded room and are counted all the same) {
  constexpr std::uint64_t many = 3 * audit_log::max_refused;
  for (std::uint64_t i = 0; i < many; ++i)
    log.note_refused(signing_in, "", "address " + std::to_string(i));
  log.flush(true);
  CAF_REQUIRE_EQUAL(kept.size(), 1u);
  CAF_CHECK(kept.front().size() <= audit_log::max_refused + 1);
  std::uint64_t sum = 0;
  for (const auto& one : kept.front())
    sum += one.count;
  CAF_CHECK_EQUAL(sum, many);
}

CAF_TEST(at the end nothing waits) {
  log.note_refused(signing_in, "ann", "192.0.2.7");
  log.note(row("one"));
  log.flush(true);
  CAF_REQUIRE_EQUAL(kept.size(), 1u);
  CAF_CHECK_EQUAL(kept.front().size(), 2u);
}

CAF_TEST_FIXTURE_SCOPE_END()
