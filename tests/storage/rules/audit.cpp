#define CAF_SUITE storage_rules_audit

#include "tests/storage/rules/accounts_fixture.hpp"

#include <caf/test/unit_test.hpp>

using namespace mediad;
using mediad::tests::code_of;

namespace {

constexpr unix_ms day = 24LL * 60 * 60 * 1000;

struct fixture : tests::accounts_fixture {
  static audit_row row(const std::string& about, unix_ms at = now_ms()) {
    audit_row a;
    a.at = at;
    a.act = to_string(audit_act::token_made);
    a.user = "a user";
    a.name = "ann";
    a.credential = "a session";
    a.address = "192.0.2.7";
    a.about = about;
    return a;
  }
  void note(std::vector<audit_row> rows) {
    apply(storage::audited{std::move(rows)}).value();
  }
  std::string told(const std::string& before = {}, std::size_t at_most = 500) const {
    std::string all;
    for (const auto& a : reader().audit(before, at_most).value())
      all += a.about + ' ';
    return all;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(audit_tests, fixture)

CAF_TEST(what was noted is told in full and the newest first) {
  auto many = row("a name");
  many.count = 7;
  note({row("one"), row("two")});
  note({many});
  CAF_CHECK_EQUAL(told(), "a name two one ");
  const auto all = reader().audit({}, 1).value();
  CAF_CHECK_EQUAL(all.front().act, "token.made");
  CAF_CHECK_EQUAL(all.front().user, "a user");
  CAF_CHECK_EQUAL(all.front().name, "ann");
  CAF_CHECK_EQUAL(all.front().credential, "a session");
  CAF_CHECK_EQUAL(all.front().address, "192.0.2.7");
  CAF_CHECK_EQUAL(all.front().count, 7u);
  CAF_CHECK_EQUAL(all.front().at, many.at);
}

CAF_TEST(a page goes on where the one before ended) {
  note({row("one"), row("two"), row("three")});
  const auto first = reader().audit({}, 2).value();
  CAF_REQUIRE_EQUAL(first.size(), 2u);
  CAF_CHECK_EQUAL(told(first.back().id), "one ");
  CAF_CHECK(code_of(reader().audit({}, 0)) == errc::bad_request);
  CAF_CHECK(code_of(reader().audit({}, 501)) == errc::bad_request);
  CAF_CHECK(code_of(reader().audit("no id", 5)) == errc::bad_request);
}

CAF_TEST(old rows go and young ones stay) {
  settings.audit_days = 10;
  open();
  note({row("old", now_ms() - 11 * day), row("older", now_ms() - 12 * day)});
  note({row("young", now_ms() - 9 * day), row("new")});
  CAF_CHECK_EQUAL(told(), "new young ");
}

CAF_TEST(the audit outlives the user and the server) {
  made(admin("ann"));
  auto about_bob = row("bob");
  about_bob.user = id_of("bob");
  note({about_bob});
  CAF_REQUIRE(apply(storage::user_removal{id_of("bob"), {}}));
  while (apply(storage::user_clearance{}).value().removed > 0) {
  }
  open();
  CAF_CHECK_EQUAL(told(), "bob ");
}

CAF_TEST(nothing is announced) {
  const auto before = history();
  const auto done = apply(storage::audited{{row("one")}});
  CAF_REQUIRE(done);
  CAF_CHECK(!done->event);
  CAF_CHECK_EQUAL(history(), before);
}

CAF_TEST_FIXTURE_SCOPE_END()
