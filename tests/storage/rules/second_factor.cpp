#define CAF_SUITE storage_rules_second_factor

#include "tests/storage/rules/accounts_fixture.hpp"

#include <caf/test/unit_test.hpp>

using namespace mediad;
using mediad::tests::code_of;

namespace {

struct second_factor_fixture : tests::accounts_fixture {
  std::string bob = id_of("bob");

  result<storage::applied> turn_on(std::uint64_t step = 100) {
    storage::second_factor_change c{bob};
    c.secret = std::string(20, 's');
    c.step = step;
    c.recovery = {std::string(32, 'a'), std::string(32, 'b')};
    return apply(c);
  }
  result<storage::applied> turn_off() {
    return apply(storage::second_factor_change{bob});
  }
  result<storage::applied> use(std::uint64_t step) {
    return apply(storage::second_factor_use{bob, step});
  }
  result<storage::applied> recover(char digest) {
    return apply(storage::second_factor_use{bob, 0, std::string(32, digest)});
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(second_factor_tests, second_factor_fixture)

CAF_TEST(what a user shows beside the password is kept) {
  CAF_REQUIRE(turn_on());
  open();
  const auto row = row_of(bob);
  CAF_CHECK(row.has_second_factor());
  CAF_CHECK_EQUAL(row.totp_secret, std::string(20, 's'));
  CAF_CHECK_EQUAL(row.totp_step, 100U);
  CAF_CHECK_EQUAL(row.recovery.size(), 2U);
  CAF_CHECK(row.totp_at > 0);
}

CAF_TEST(each step is used once and none before it) {
  CAF_REQUIRE(turn_on());
  CAF_CHECK(code_of(use(100)) == errc::conflict);
  CAF_CHECK(code_of(use(99)) == errc::conflict);
  CAF_CHECK(use(101));
  CAF_CHECK(code_of(use(101)) == errc::conflict);
  CAF_CHECK(use(103));
  CAF_CHECK(code_of(use(102)) == errc::conflict);
}

CAF_TEST(each recovery code is used once) {
  CAF_REQUIRE(turn_on());
  CAF_CHECK(recover('a'));
  CAF_CHECK(code_of(recover('a')) == errc::conflict);
  CAF_CHECK(code_of(recover('c')) == errc::conflict);
  CAF_CHECK(recover('b'));
  CAF_CHECK(row_of(bob).recovery.empty());
  CAF_CHECK(row_of(bob).has_second_factor());
}

CAF_TEST(it is turned on once and another secret takes the place of none) {
  CAF_REQUIRE(turn_on());
  CAF_CHECK(code_of(turn_on(200)) == errc::conflict);
  CAF_CHECK(turn_off());
  CAF_CHECK(!row_of(bob).has_second_factor());
  CAF_CHECK(row_of(bob).recovery.empty());
  CAF_CHECK_EQUAL(row_of(bob).totp_at, 0);
  CAF_CHECK(turn_off());
  CAF_CHECK(turn_on(200));
}

CAF_TEST(nothing is used of what is off) {
  CAF_CHECK(code_of(use(101)) == errc::conflict);
  CAF_CHECK(code_of(recover('a')) == errc::conflict);
}

CAF_TEST(another password leaves it on) {
  made(admin("ada"));
  CAF_REQUIRE(turn_on());
  CAF_REQUIRE(give_password(bob, "another hash"));
  CAF_CHECK(row_of(bob).has_second_factor());
}

CAF_TEST_FIXTURE_SCOPE_END()
