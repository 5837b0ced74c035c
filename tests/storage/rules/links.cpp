#define CAF_SUITE storage_rules_links

#include "tests/storage/rules/accounts_fixture.hpp"

#include <caf/test/unit_test.hpp>

using namespace mediad;
using mediad::tests::code_of;

namespace {

/// Links by which bea signs in once; ada is the admin.
struct links_fixture : tests::accounts_fixture {
  std::string bea;

  void begin() {
    made(admin("ada"));
    bea = made(account("bea"));
  }
  result<storage::applied> make(char digest, unix_ms expires_at = now_ms() + 1'000'000) {
    return apply(storage::new_sign_in_link{bea, std::string(32, digest), expires_at});
  }
  result<storage::applied> use(char digest) {
    return apply(storage::sign_in_link_use{bea, std::string(32, digest)});
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(links_tests, links_fixture)

CAF_TEST(a link is used once) {
  begin();
  CAF_REQUIRE(make('a'));
  open();
  CAF_CHECK(use('a'));
  CAF_CHECK(code_of(use('a')) == errc::not_found);
  CAF_CHECK_EQUAL(row_of(bea).link_expires_at, 0);
}

CAF_TEST(another digest uses nothing) {
  begin();
  CAF_CHECK(code_of(use('a')) == errc::not_found);
  CAF_REQUIRE(make('a'));
  CAF_CHECK(code_of(use('b')) == errc::not_found);
  CAF_CHECK(code_of(apply(storage::sign_in_link_use{bea, ""})) == errc::not_found);
  CAF_CHECK(use('a'));
}

CAF_TEST(a link that has expired is not used) {
  begin();
  CAF_REQUIRE(make('a', now_ms() - 1));
  CAF_CHECK(code_of(use('a')) == errc::not_found);
}

CAF_TEST(the newest link alone counts) {
  begin();
  CAF_REQUIRE(make('a'));
  CAF_REQUIRE(make('b'));
  CAF_CHECK(code_of(use('a')) == errc::not_found);
  CAF_CHECK(use('b'));
}

CAF_TEST(another password and another role end it) {
  begin();
  CAF_REQUIRE(make('a'));
  CAF_REQUIRE(give_password(bea, "another hash"));
  CAF_CHECK(code_of(use('a')) == errc::not_found);
  CAF_REQUIRE(make('b'));
  CAF_REQUIRE(give_role(bea, user_role::admin));
  CAF_CHECK(code_of(use('b')) == errc::not_found);
  CAF_REQUIRE(make('c'));
  CAF_REQUIRE(give_quota(bea, 1'000));
  CAF_CHECK(use('c'));
}

CAF_TEST(a disabled user has no link and gets none) {
  begin();
  CAF_REQUIRE(make('a'));
  CAF_REQUIRE(disable(bea));
  CAF_CHECK(code_of(use('a')) == errc::not_found);
  CAF_CHECK(code_of(make('b')) == errc::conflict);
  CAF_REQUIRE(disable(bea, false));
  CAF_CHECK(code_of(use('a')) == errc::not_found);
}

CAF_TEST(there are no links before somebody signs in) {
  bea = id_of("bob");
  CAF_CHECK(code_of(make('a')) == errc::conflict);
}

CAF_TEST_FIXTURE_SCOPE_END()
