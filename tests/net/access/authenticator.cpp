#define CAF_SUITE net_access_authenticator

#include "net/access/authenticator.hpp"

#include "net/access/credentials.hpp"
#include "tests/net/support/people_fixture.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;
using net::right;
using net::rights;

namespace {

struct authenticator_fixture : people_fixture {
  std::vector<std::string> used; ///< Ids of credentials that were said to be in use.
  net::authenticator who = net::by_credentials(
    reader(), user, "", [this](const credential_row& c) { used.push_back(c.id); });

  void have_people() {
    ada = apply(account("ada", user_role::admin)).value().id;
    mia = apply(account("mia", user_role::member)).value().id;
  }

  /// @returns what the request shows.
  net::credential_text keep(credential_row row) {
    const net::credential_text text{make_ulid(), make_secret(), row.kind};
    row.id = text.id;
    row.digest = digest_of_secret(text.secret);
    row.created_at = now_ms();
    apply(storage::new_credential{row}).value();
    return text;
  }
  net::credential_text keep(const std::string& user_id, credential_kind kind,
                            rights scopes = rights::all()) {
    credential_row row;
    row.user = user_id;
    row.kind = kind;
    row.scopes = scopes.to_bits();
    return keep(row);
  }

  result<net::caller> ask_with(const net::credential_text& text) const {
    net::http::request_header<> head;
    if (text.kind == credential_kind::token)
      head.set("Authorization", "Bearer " + to_string(text));
    else
      head.set("Cookie", "mediad=" + to_string(text));
    return who(head);
  }
  bool is_refused(const net::credential_text& text) const {
    return tests::code_of(ask_with(text)) == errc::unauthenticated;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(authenticator_tests, authenticator_fixture)

CAF_TEST(everybody is one user until somebody signs in) {
  const auto anybody = who({}).value();
  CAF_CHECK_EQUAL(anybody.user, user);
  CAF_CHECK(anybody.may == rights::all());
  CAF_CHECK(anybody.by == net::known_by::nothing);
  CAF_CHECK(net::still_counts(reader(), anybody));
  have_people();
  CAF_CHECK(tests::code_of(who({})) == errc::unauthenticated);
  CAF_CHECK(!net::still_counts(reader(), anybody));
}

CAF_TEST(a cookie of another server is none as long as nobody signs in) {
  const net::credential_text stray{make_ulid(), make_secret(), credential_kind::session};
  CAF_CHECK(ask_with(stray));
  CAF_CHECK(is_refused({make_ulid(), make_secret(), credential_kind::token}));
  have_people();
  CAF_CHECK(is_refused(stray));
}

CAF_TEST(a session has the rights of its user) {
  have_people();
  const auto of_admin = ask_with(keep(ada, credential_kind::session)).value();
  CAF_CHECK_EQUAL(of_admin.user, ada);
  CAF_CHECK(of_admin.may == rights::all());
  CAF_CHECK(of_admin.by == net::known_by::session);
  const auto shown = keep(mia, credential_kind::session);
  const auto of_member = ask_with(shown).value();
  CAF_CHECK_EQUAL(of_member.user, mia);
  CAF_CHECK(of_member.may == rights::all().without(right::admin));
  CAF_CHECK_EQUAL(of_member.credential, shown.id);
}

CAF_TEST(a token has its scopes and no right that its user has not ) {
  have_people();
  const rights some{right::read, right::admin};
  const auto of_admin = ask_with(keep(ada, credential_kind::token, some)).value();
  CAF_CHECK(of_admin.may == some);
  CAF_CHECK(of_admin.by == net::known_by::token);
  const auto of_member = ask_with(keep(mia, credential_kind::token, some)).value();
  CAF_CHECK(of_member.may == rights{right::read});
}

CAF_TEST(a secret must be the right one of the right kind) {
  have_people();
  const auto session = keep(ada, credential_kind::session);
  const auto token = keep(ada, credential_kind::token);
  CAF_CHECK(!is_refused(session));
  CAF_CHECK(!is_refused(token));
  CAF_CHECK(is_refused({session.id, token.secret, session.kind}));
  CAF_CHECK(is_refused({session.id, "", session.kind}));
  CAF_CHECK(is_refused({session.id, session.secret + "A", session.kind}));
  CAF_CHECK(is_refused({session.id, session.secret, credential_kind::token}));
  CAF_CHECK(is_refused({token.id, token.secret, credential_kind::session}));
}

CAF_TEST(what has expired or is of a disabled user counts no more) {
  have_people();
  credential_row row;
  row.user = mia;
  row.kind = credential_kind::token;
  row.scopes = rights::all().to_bits();
  row.expires_at = now_ms() - 1;
  CAF_CHECK(is_refused(keep(row)));
  row.expires_at = now_ms() + 100'000;
  const auto token = keep(row);
  const auto asker = ask_with(token).value();
  CAF_CHECK(net::still_counts(reader(), asker));
  storage::user_change change{mia};
  change.disabled = true;
  apply(change).value();
  CAF_CHECK(is_refused(token));
  CAF_CHECK(!net::still_counts(reader(), asker));
  change.disabled = false;
  apply(change).value();
  CAF_CHECK(net::still_counts(reader(), asker));
  apply(storage::credential_removal{mia, token.id}).value();
  CAF_CHECK(!net::still_counts(reader(), asker));
}

CAF_TEST(a use is told once within an hour) {
  have_people();
  credential_row row;
  row.user = mia;
  row.kind = credential_kind::token;
  row.used_at = now_ms() - 3'000'000;
  ask_with(keep(row)).value();
  CAF_CHECK(used.empty());
  row.used_at = now_ms() - 3'600'000;
  const auto token = keep(row);
  ask_with(token).value();
  CAF_REQUIRE_EQUAL(used.size(), 1U);
  CAF_CHECK_EQUAL(used.front(), token.id);
  apply(storage::credential_use{token.id, now_ms()}).value();
  ask_with(token).value();
  CAF_CHECK_EQUAL(used.size(), 1U);
}

CAF_TEST_FIXTURE_SCOPE_END()
