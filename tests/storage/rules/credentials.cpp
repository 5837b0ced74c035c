#define CAF_SUITE storage_rules_credentials

#include "tests/storage/rules/accounts_fixture.hpp"

#include <caf/test/unit_test.hpp>

#include <vector>

using namespace mediad;
using mediad::tests::code_of;

CAF_TEST_FIXTURE_SCOPE(credentials_tests, tests::accounts_fixture)

CAF_TEST(a credential is kept as it was made and belongs to one user) {
  auto wanted = credential_of(id_of("ann"), credential_kind::token, now_ms() + 1'000'000);
  wanted.row.name = "camera";
  wanted.row.scopes = 5;
  wanted.row.address = "192.0.2.7";
  wanted.row.agent = "a camera";
  const auto id = apply(wanted).value().id;
  session_of(id_of("bob"));
  open();
  const auto all = reader().credentials(id_of("ann")).value();
  CAF_REQUIRE_EQUAL(all.size(), 1U);
  const auto& row = all.front();
  CAF_CHECK_EQUAL(row.id, id);
  CAF_CHECK_EQUAL(row.user, id_of("ann"));
  CAF_CHECK(row.kind == credential_kind::token);
  CAF_CHECK_EQUAL(row.digest, std::string(32, '\7'));
  CAF_CHECK_EQUAL(row.name, "camera");
  CAF_CHECK_EQUAL(row.scopes, 5U);
  CAF_CHECK_EQUAL(row.expires_at, wanted.row.expires_at);
  CAF_CHECK_EQUAL(row.address, "192.0.2.7");
  CAF_CHECK_EQUAL(row.agent, "a camera");
}

CAF_TEST(a credential without a user is refused) {
  const auto stray = credential_of("01ARZ3NDEKTSV4RRFFQ69G5FAV", credential_kind::session);
  CAF_CHECK(code_of(apply(stray)) == errc::not_found);
}

CAF_TEST(a user has at most a thousand and another session takes the place of one) {
  std::vector<storage::change> group;
  for (std::size_t i = 0; i < storage::max_credentials; ++i) {
    auto one =
      credential_of(id_of("ann"), i < 2 ? credential_kind::session : credential_kind::token);
    one.row.used_at = i == 1 ? 1'000 : 2'000;
    group.emplace_back(one);
  }
  for (const auto& done : apply_all(std::move(group)))
    CAF_REQUIRE(done);
  const auto before = reader().credentials(id_of("ann")).value();
  CAF_CHECK(code_of(apply(credential_of(id_of("ann"), credential_kind::token))) == errc::too_many);
  CAF_CHECK(apply(credential_of(id_of("bob"), credential_kind::token)));
  CAF_CHECK(apply(credential_of(id_of("ann"), credential_kind::session)));
  CAF_CHECK(is_there(before.at(0).id));
  CAF_CHECK(!is_there(before.at(1).id));
  const auto after = reader().credentials(id_of("ann")).value();
  CAF_CHECK_EQUAL(after.size(), storage::max_credentials);
  CAF_REQUIRE(apply(storage::credential_removal{id_of("ann"), before.back().id}));
  CAF_CHECK(apply(credential_of(id_of("ann"), credential_kind::token)));
}

CAF_TEST(a thousand tokens leave no place for a session) {
  std::vector<storage::change> group;
  for (std::size_t i = 0; i < storage::max_credentials; ++i)
    group.emplace_back(credential_of(id_of("ann"), credential_kind::token));
  for (const auto& done : apply_all(std::move(group)))
    CAF_REQUIRE(done);
  const auto session = credential_of(id_of("ann"), credential_kind::session);
  CAF_CHECK(code_of(apply(session)) == errc::too_many);
}

CAF_TEST(only the own can be removed) {
  const auto token = token_of(id_of("ann"));
  CAF_CHECK(code_of(apply(storage::credential_removal{id_of("bob"), token})) == errc::not_found);
  CAF_CHECK(is_there(token));
  CAF_CHECK(apply(storage::credential_removal{id_of("ann"), token}));
  CAF_CHECK(!is_there(token));
  CAF_CHECK(code_of(apply(storage::credential_removal{id_of("ann"), token})) == errc::not_found);
}

CAF_TEST(a use is noted and never one that was earlier) {
  const auto id = session_of(id_of("ann"), 5'000);
  CAF_REQUIRE(apply(storage::credential_use{id, 2'000}));
  auto row = reader().find_credential(id).value();
  CAF_CHECK_EQUAL(row.used_at, 2'000);
  CAF_CHECK_EQUAL(row.proved_at, 0);
  CAF_CHECK_EQUAL(row.expires_at, 5'000);
  CAF_REQUIRE(apply(storage::credential_use{id, 1'000, 3'000, 6'000}));
  row = reader().find_credential(id).value();
  CAF_CHECK_EQUAL(row.used_at, 2'000);
  CAF_CHECK_EQUAL(row.proved_at, 3'000);
  CAF_CHECK_EQUAL(row.expires_at, 6'000);
}

CAF_TEST(a use of what is gone brings nothing back) {
  const auto id = session_of(id_of("ann"));
  CAF_REQUIRE(apply(storage::credential_removal{id_of("ann"), id}));
  CAF_CHECK(apply(storage::credential_use{id, now_ms()}));
  CAF_CHECK(!is_there(id));
}

CAF_TEST(a sweep removes what has expired and nothing else) {
  const auto old = session_of(id_of("ann"), now_ms() - 1);
  const auto bobs = token_of(id_of("bob"), 1);
  const auto later = token_of(id_of("ann"), now_ms() + 1'000'000);
  const auto endless = token_of(id_of("ann"));
  CAF_REQUIRE(apply(storage::credential_sweep{}));
  CAF_CHECK(!is_there(old));
  CAF_CHECK(!is_there(bobs));
  CAF_CHECK(is_there(later));
  CAF_CHECK(is_there(endless));
}

CAF_TEST_FIXTURE_SCOPE_END()
