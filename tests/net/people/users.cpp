#define CAF_SUITE net_people_users

#include "net/people/users.hpp"

#include "tests/net/support/people_fixture.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;

namespace {

struct users_fixture : people_fixture {
  http_answer make(const std::string& page, const std::string& name, json more = json::object()) {
    more["name"] = name;
    if (!more.contains("password"))
      more["password"] = password;
    return ask_json("POST", "/v1/users", more, page);
  }
  http_answer change(const std::string& page, const std::string& id, const json& what) {
    return ask_json("PATCH", "/v1/users/" + id, what, page);
  }
  json user_of(const std::string& page, const std::string& id) {
    return json::parse(ask("GET", "/v1/users/" + id, "", page).body);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(users_tests, users_fixture)

CAF_TEST(only admins see and change users) {
  start_with_people();
  const auto all = std::uint64_t{63};
  for (const auto& fields : {signed_in("mia"), token_of(mia, all), token_of(ada, all & ~32U)}) {
    CAF_CHECK_EQUAL(code_of(ask("GET", "/v1/users", "", fields)), "missing_right");
    CAF_CHECK_EQUAL(code_of(ask("GET", "/v1/users/" + mia, "", fields)), "missing_right");
    CAF_CHECK_EQUAL(code_of(make(fields, "bea")), "missing_right");
    CAF_CHECK_EQUAL(code_of(change(fields, mia, {{"role", "admin"}})), "missing_right");
  }
  CAF_CHECK_EQUAL(status_of("", "/v1/users"), 401);
  const auto program = token_of(ada, all);
  CAF_CHECK_EQUAL(status_of(program, "/v1/users"), 200);
  CAF_CHECK_EQUAL(code_of(make(program, "bea")), "session_needed");
  CAF_CHECK_EQUAL(code_of(change(program, mia, {{"role", "admin"}})), "session_needed");
}

CAF_TEST(an admin sees all users and no password) {
  start_with_people();
  const auto page = signed_in("ada");
  ask("POST", "/v1/files?name=a", "sand", signed_in("mia"));
  const auto text = ask("GET", "/v1/users", "", page).body;
  CAF_CHECK(text.find("argon2") == std::string::npos);
  const auto told = json::parse(text);
  CAF_CHECK(told["cursor"].is_null());
  json of_mia;
  for (const auto& one : told["items"])
    if (one["name"] == "mia")
      of_mia = one;
  CAF_CHECK_EQUAL(of_mia["id"], mia);
  CAF_CHECK_EQUAL(of_mia["role"], "member");
  CAF_CHECK_EQUAL(of_mia["can_sign_in"], true);
  CAF_CHECK_EQUAL(of_mia["used"], 4);
  CAF_CHECK(of_mia["quota"].is_null());
  CAF_CHECK(of_mia["disabled_at"].is_null());
  CAF_CHECK(of_mia["password_at"].is_string());
  const auto alone = user_of(page, mia);
  CAF_CHECK_EQUAL(alone, of_mia);
  CAF_CHECK_EQUAL(status_of(page, "/v1/users/" + make_ulid()), 404);
  CAF_CHECK_EQUAL(status_of(page, "/v1/users/nobody"), 404);
}

CAF_TEST(a new user signs in) {
  start_with_people();
  const auto page = signed_in("ada");
  const auto a =
    make(page, "bea",
         {{"role", "admin"}, {"display_name", "Béa"}, {"quota", 7}, {"password", "quiet-dunes!"}});
  CAF_CHECK_EQUAL(a.status, 201);
  const auto told = json::parse(a.body);
  CAF_CHECK_EQUAL(told["name"], "bea");
  CAF_CHECK_EQUAL(told["display_name"], "Béa");
  CAF_CHECK_EQUAL(told["role"], "admin");
  CAF_CHECK_EQUAL(told["quota"], 7);
  CAF_CHECK_EQUAL(status_in(sign_in("bea", "quiet-dunes!")), 204);
  CAF_CHECK_EQUAL(status_in(make(page, "bea")), 409);
  CAF_CHECK_EQUAL(status_in(make(page, "mia")), 409);
}

CAF_TEST(a user has a name and a password that may be) {
  start_with_people();
  const auto page = signed_in("ada");
  for (const auto* name : {"", "Bea", "..", "a/b", "-bea"})
    CAF_CHECK_EQUAL(status_in(make(page, name)), 400);
  for (const auto* weak : {"", "short", "1234567890qwerty"})
    CAF_CHECK_EQUAL(status_in(make(page, "bea", {{"password", weak}})), 400);
  CAF_CHECK_EQUAL(status_in(make(page, "bea", {{"password", nullptr}})), 400);
  CAF_CHECK_EQUAL(status_in(make(page, "bea", {{"role", "king"}})), 400);
  CAF_CHECK_EQUAL(status_in(make(page, "bea", {{"display_name", std::string(101, 'x')}})), 400);
  CAF_CHECK_EQUAL(status_in(ask_json("POST", "/v1/users", {{"name", "bea"}}, page)), 400);
  CAF_CHECK_EQUAL(status_in(sign_in("bea")), 401);
}

CAF_TEST(the first user is made by anybody and is an admin to whom all belongs) {
  start();
  const auto file = upload("a", "sand")["id"].get<std::string>();
  CAF_CHECK_EQUAL(status_in(make("", "ada")), 409);
  CAF_CHECK_EQUAL(status_of(""), 200);
  const auto a = make("", "ada", {{"role", "admin"}});
  CAF_CHECK_EQUAL(a.status, 201);
  const auto told = json::parse(a.body);
  CAF_CHECK_EQUAL(told["id"], user);
  CAF_CHECK_EQUAL(status_of(""), 401);
  CAF_CHECK_EQUAL(status_in(make("", "eve", {{"role", "admin"}})), 401);
  const auto page = signed_in("ada");
  CAF_CHECK_EQUAL(status_of(page, "/v1/files/" + file), 200);
}

CAF_TEST(nobody takes the only user over by a password before the first admin is there) {
  start();
  CAF_CHECK_EQUAL(status_in(change("", user, {{"password", password}})), 409);
  CAF_CHECK_EQUAL(status_of(""), 200);
  CAF_CHECK_EQUAL(status_in(change("", user, {{"password", password}, {"role", "admin"}})), 200);
  CAF_CHECK_EQUAL(status_of(""), 401);
  CAF_CHECK_EQUAL(status_in(sign_in("local")), 204);
}

CAF_TEST(what a change does not name stays) {
  start_with_people();
  const auto page = signed_in("ada");
  auto a = change(page, mia, {{"display_name", "Mia"}, {"quota", 1000}});
  CAF_CHECK_EQUAL(a.status, 200);
  a = change(page, mia, {{"name", "maria"}});
  CAF_CHECK_EQUAL(a.status, 200);
  const auto after_name = json::parse(a.body);
  CAF_CHECK_EQUAL(after_name["id"], mia);
  CAF_CHECK_EQUAL(after_name["name"], "maria");
  CAF_CHECK_EQUAL(after_name["display_name"], "Mia");
  CAF_CHECK_EQUAL(after_name["quota"], 1000);
  a = change(page, mia, {{"quota", nullptr}});
  CAF_CHECK(json::parse(a.body)["quota"].is_null());
  CAF_CHECK_EQUAL(status_in(sign_in("maria")), 204);
  CAF_CHECK_EQUAL(status_in(change(page, mia, json::object())), 200);
  CAF_CHECK_EQUAL(status_in(change(page, mia, {{"name", "ada"}})), 409);
  CAF_CHECK_EQUAL(status_in(change(page, make_ulid(), {{"quota", 1}})), 404);
}

CAF_TEST(a change that makes no sense changes nothing) {
  start_with_people();
  const auto page = signed_in("ada");
  const auto before = user_of(page, mia);
  for (const auto& wrong :
       {json{{"role", "king"}}, json{{"role", 2}}, json{{"quota", -1}}, json{{"quota", "1GiB"}},
        json{{"quota", 1.5}}, json{{"disabled", 1}}, json{{"disabled", nullptr}},
        json{{"name", "A"}}, json{{"name", nullptr}}, json{{"password", "short"}},
        json{{"display_name", 1}}, json::array()})
    CAF_CHECK_EQUAL(status_in(change(page, mia, wrong)), 400);
  const auto after = user_of(page, mia);
  CAF_CHECK_EQUAL(after, before);
}

CAF_TEST(a disabled user is out at once and comes back) {
  start_with_people();
  const auto page = signed_in("ada");
  const auto hers = signed_in("mia");
  const auto program = token_of(mia, 2);
  const auto a = change(page, mia, {{"disabled", true}});
  CAF_CHECK_EQUAL(a.status, 200);
  const auto told = json::parse(a.body);
  CAF_CHECK(told["disabled_at"].is_string());
  CAF_CHECK_EQUAL(told["can_sign_in"], false);
  CAF_CHECK_EQUAL(status_of(hers), 401);
  CAF_CHECK_EQUAL(status_of(program), 401);
  CAF_CHECK_EQUAL(status_in(sign_in("mia")), 401);
  CAF_CHECK_EQUAL(status_in(change(page, mia, {{"disabled", false}})), 200);
  CAF_CHECK_EQUAL(status_of(hers), 401);
  CAF_CHECK_EQUAL(status_of(program), 200);
  CAF_CHECK_EQUAL(status_in(sign_in("mia")), 204);
}

CAF_TEST(the last admin stays one) {
  start_with_people();
  const auto page = signed_in("ada");
  CAF_CHECK_EQUAL(status_in(change(page, ada, {{"disabled", true}})), 409);
  CAF_CHECK_EQUAL(status_in(change(page, ada, {{"role", "member"}})), 409);
  CAF_CHECK_EQUAL(status_of(page, "/v1/users"), 200);
}

CAF_TEST(an admin gives a password and hears of it also if it is the own) {
  start_with_people();
  const auto page = signed_in("ada");
  const auto hers = signed_in("mia");
  CAF_CHECK_EQUAL(status_in(change(page, mia, {{"password", "quiet-dunes!"}})), 200);
  CAF_CHECK_EQUAL(status_of(hers), 401);
  CAF_CHECK_EQUAL(status_in(sign_in("mia", "quiet-dunes!")), 204);
  const auto a = change(page, ada, {{"password", "quiet-dunes!"}});
  CAF_CHECK_EQUAL(a.status, 200);
  const auto told = json::parse(a.body);
  CAF_CHECK_EQUAL(told["id"], ada);
  CAF_CHECK_EQUAL(status_of(page), 401);
}

CAF_TEST(who changes users has given the password a moment ago) {
  start_with_people();
  const auto old = session_of(ada, now_ms() - 16 * 60'000, now_ms() + 100'000);
  CAF_CHECK_EQUAL(status_of(old, "/v1/users"), 200);
  CAF_CHECK_EQUAL(code_of(make(old, "bea")), "password_needed");
  CAF_CHECK_EQUAL(code_of(change(old, mia, {{"role", "admin"}})), "password_needed");
}

CAF_TEST_FIXTURE_SCOPE_END()
