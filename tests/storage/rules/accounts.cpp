#define CAF_SUITE storage_rules_accounts

#include "tests/storage/rules/accounts_fixture.hpp"

#include <caf/test/unit_test.hpp>

using namespace mediad;
using mediad::tests::code_of;
namespace fs = std::filesystem;

CAF_TEST_FIXTURE_SCOPE(accounts_tests, tests::accounts_fixture)

CAF_TEST(the first who signs in must be an admin) {
  CAF_CHECK(!reader().wants_sign_in().value());
  CAF_CHECK(code_of(apply(account("annabel"))) == errc::conflict);
  CAF_CHECK(code_of(give_password(id_of("bob"), "hash of bob")) == errc::conflict);
  CAF_CHECK(!reader().wants_sign_in().value());
  CAF_CHECK(code_of(reader().find_user("annabel")) == errc::not_found);
  CAF_CHECK(apply(admin("annabel")));
  CAF_CHECK(reader().wants_sign_in().value());
  CAF_CHECK(apply(account("bea")));
}

CAF_TEST(a user who is an admin already may be the first to get a password) {
  CAF_REQUIRE(give_role(id_of("ann"), user_role::admin));
  CAF_CHECK(!reader().wants_sign_in().value());
  CAF_REQUIRE(give_password(id_of("ann"), "hash of ann"));
  CAF_CHECK(reader().wants_sign_in().value());
}

CAF_TEST(the first account is the user to whom all belonged) {
  const auto ann = id_of("ann");
  const auto r = finished("ann", "beach.jpg", "sand");
  storage::new_upload unfinished{ann, "later.jpg"};
  unfinished.resumable = true;
  unfinished.length = 8;
  unfinished.terms.expires_at = now_ms() + 86'400'000;
  const auto open_upload = apply(unfinished).value().record;
  const auto before = history();
  auto first = admin("annabel");
  first.display_name = "Annabel";
  CAF_CHECK_EQUAL(made(first), ann);

  const auto row = row_of(ann);
  CAF_CHECK_EQUAL(row.name, "annabel");
  CAF_CHECK_EQUAL(row.display_name, "Annabel");
  CAF_CHECK(row.role == user_role::admin);
  CAF_CHECK_EQUAL(row.password, "hash of annabel");
  CAF_CHECK(code_of(reader().find_user("ann")) == errc::not_found);
  const auto found = find(r.id);
  CAF_CHECK_EQUAL(found.user, ann);
  CAF_CHECK_EQUAL(found.user_name, "annabel");
  CAF_CHECK_EQUAL(read(root() / "users/annabel/originals/beach.jpg"), "sand");
  CAF_CHECK_EQUAL(read(root() / "users/annabel/previews/beach.jpg.webp"), "sandpreview");
  CAF_CHECK(!fs::exists(root() / "users/ann"));
  const auto state = reader().find_upload(open_upload.id).value();
  CAF_CHECK_EQUAL(state.user, ann);
  CAF_CHECK_EQUAL(history(), before);
  for (const auto& e : reader().events_after(0, 100).value()) {
    CAF_CHECK_EQUAL(e.user, ann);
    CAF_CHECK_EQUAL(e.file.user_name, "annabel");
  }

  write(reader().staging_path(open_upload.id), "moresand");
  CAF_REQUIRE(apply(arrival_of(open_upload, "moresand")));
  CAF_CHECK_EQUAL(read(root() / "users/annabel/originals/later.jpg"), "moresand");
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(the first account may keep the name) {
  const auto ann = id_of("ann");
  upload("ann", "beach.jpg", "sand");
  CAF_CHECK_EQUAL(made(admin("ann")), ann);
  CAF_CHECK(reader().wants_sign_in().value());
  CAF_CHECK_EQUAL(read(root() / "users/ann/originals/beach.jpg"), "sand");
}

CAF_TEST(the first account is a new user if there is none to take over) {
  auto first = admin("annabel");
  first.takes_over = "nobody";
  const auto id = made(first);
  CAF_CHECK_NOT_EQUAL(id, id_of("ann"));
  CAF_CHECK(row_of(id).role == user_role::admin);
  first.name = "second";
  first.takes_over.clear();
  CAF_CHECK_NOT_EQUAL(made(first), id);
}

CAF_TEST(the first account may sign in whatever was forbidden before) {
  CAF_REQUIRE(disable(id_of("ann")));
  const auto id = made(admin("annabel"));
  const auto row = row_of(id);
  CAF_CHECK_EQUAL(row.disabled_at, 0);
}

CAF_TEST(the second account is a new user without anything) {
  upload("ann", "beach.jpg", "sand");
  const auto first = made(admin("annabel"));
  auto wanted = account("ann");
  wanted.quota = 7;
  const auto second = made(wanted);
  CAF_CHECK_NOT_EQUAL(second, first);
  const auto row = row_of(second);
  CAF_CHECK_EQUAL(row.name, "ann");
  CAF_CHECK(row.role == user_role::member);
  CAF_CHECK_EQUAL(row.quota, 7U);
  const auto of_second = reader().find_usage(second).value();
  const auto of_first = reader().find_usage(first).value();
  CAF_CHECK_EQUAL(of_second.files, 0U);
  CAF_CHECK_EQUAL(of_first.files, 1U);
}

CAF_TEST(an account has a name of its own that can name a folder) {
  CAF_CHECK(code_of(apply(admin("bob"))) == errc::conflict);
  CAF_CHECK(code_of(apply(admin("Not a name"))) == errc::bad_request);
  CAF_CHECK(!reader().wants_sign_in().value());
  const auto ann = reader().find_user("ann").value();
  CAF_CHECK_EQUAL(ann, id_of("ann"));
  made(admin("annabel"));
  CAF_CHECK(code_of(apply(account("annabel"))) == errc::conflict);
  CAF_CHECK(code_of(apply(account("bob"))) == errc::conflict);
  CAF_CHECK(code_of(apply(account(".."))) == errc::bad_request);
  const auto bob = row_of(id_of("bob"));
  CAF_CHECK_EQUAL(bob.password, "");
}

CAF_TEST(whether people sign in survives that the store is opened again) {
  made(admin("annabel"));
  open();
  CAF_CHECK(reader().wants_sign_in().value());
  const auto id = reader().find_user("annabel").value();
  const auto row = row_of(id);
  CAF_CHECK_EQUAL(row.password, "hash of annabel");
  CAF_CHECK(row.role == user_role::admin);
}

CAF_TEST(when a password was set is known of every new one) {
  CAF_CHECK_EQUAL(row_of(id_of("ann")).password_at, 0);
  const auto before = now_ms();
  const auto ann = made(admin("annabel"));
  const auto first = row_of(ann).password_at;
  CAF_CHECK(first >= before && first <= now_ms());
  CAF_REQUIRE(give_quota(ann, 7));
  CAF_CHECK_EQUAL(row_of(ann).password_at, first);
  const auto later = now_ms();
  CAF_REQUIRE(give_password(ann, "another hash"));
  CAF_CHECK(row_of(ann).password_at >= later);
}

CAF_TEST(another role or password and an end of signing in end all sessions) {
  made(admin("annabel"));
  const auto bea = made(account("bea"));
  const auto token = token_of(bea);
  const auto others = session_of(id_of("ann"));
  const auto ends = [&](const result<storage::applied>& done, const std::string& session) {
    return done && !is_there(session);
  };
  auto session = session_of(bea);
  CAF_CHECK(ends(give_role(bea, user_role::admin), session));
  session = session_of(bea);
  CAF_CHECK(ends(give_password(bea, "another hash"), session));
  session = session_of(bea);
  CAF_CHECK(ends(disable(bea), session));
  CAF_CHECK(row_of(bea).disabled_at > 0);
  CAF_CHECK(is_there(token));
  CAF_CHECK(is_there(others));
}

CAF_TEST(what changes nothing of who may sign in ends no session) {
  made(admin("annabel"));
  const auto bea = made(account("bea"));
  const auto session = session_of(bea);
  storage::user_change c;
  c.display_name = "Bea";
  c.quota = 1000;
  c.role = user_role::member;
  c.password = "hash of bea";
  c.disabled = false;
  CAF_CHECK(change(bea, c));
  CAF_CHECK(is_there(session));
  const auto row = row_of(bea);
  CAF_CHECK_EQUAL(row.display_name, "Bea");
  CAF_CHECK_EQUAL(row.quota, 1000U);
  CAF_CHECK(code_of(change("01ARZ3NDEKTSV4RRFFQ69G5FAV", c)) == errc::not_found);
}

CAF_TEST(one session may be kept) {
  const auto ann = made(admin("annabel"));
  const auto kept = session_of(ann);
  const auto other = session_of(ann);
  storage::user_change c;
  c.password = "another hash";
  c.keeps = kept;
  CAF_REQUIRE(change(ann, c));
  CAF_CHECK(is_there(kept));
  CAF_CHECK(!is_there(other));
}

CAF_TEST(the last admin stays one) {
  const auto ann = made(admin("annabel"));
  CAF_CHECK(code_of(disable(ann)) == errc::conflict);
  CAF_CHECK(code_of(give_role(ann, user_role::member)) == errc::conflict);
  const auto row = row_of(ann);
  CAF_CHECK_EQUAL(row.disabled_at, 0);
  const auto bea = made(admin("bea"));
  CAF_REQUIRE(disable(ann));
  CAF_CHECK(code_of(disable(bea)) == errc::conflict);
  CAF_CHECK(code_of(give_role(bea, user_role::member)) == errc::conflict);
  CAF_REQUIRE(disable(ann, false));
  CAF_CHECK(give_role(bea, user_role::member));
}

CAF_TEST(an admin whom no password lets in does not count) {
  const auto ann = made(admin("annabel"));
  CAF_REQUIRE(give_role(id_of("bob"), user_role::admin));
  CAF_CHECK(code_of(disable(ann)) == errc::conflict);
  CAF_REQUIRE(give_password(id_of("bob"), "hash of bob"));
  CAF_CHECK(disable(ann));
}

CAF_TEST(a quota of the own counts before that of all) {
  settings.user_quota_bytes = 4;
  open();
  const auto fits = [&](const std::string& name, const std::string& bytes) {
    const auto r = begin(name, "a", bytes);
    const auto code = code_of(apply(arrival_of(r, bytes)));
    CAF_CHECK(code == errc{} || code == errc::quota_exceeded);
    return code == errc{};
  };
  CAF_CHECK(!fits("bob", "sands"));
  CAF_REQUIRE(give_quota(id_of("bob"), 5));
  CAF_CHECK(fits("bob", "sands"));
  CAF_REQUIRE(give_quota(id_of("ann"), 3));
  CAF_CHECK(!fits("ann", "sand"));
  CAF_REQUIRE(give_quota(id_of("ann"), 0));
  CAF_CHECK(fits("ann", "sand"));
}

CAF_TEST_FIXTURE_SCOPE_END()
