#define CAF_SUITE net_people_sessions

#include "net/people/sessions.hpp"

#include "tests/net/support/people_fixture.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;

namespace {

struct sessions_fixture : people_fixture {
  static constexpr const char* of_another_site = "Origin: http://evil.example\r\n";

  void disable(const std::string& id, bool disabled = true) {
    storage::user_change c{id};
    c.disabled = disabled;
    have_applied(c);
  }
  http_answer change_password(const std::string& fields, const std::string& from,
                              const std::string& to) {
    return ask_json("PUT", "/v1/password", {{"old", from}, {"new", to}}, fields);
  }
  json session(const std::string& fields) {
    return json::parse(ask("GET", "/v1/session", "", fields).body);
  }
  static std::string cookie_alone(const std::string& fields) {
    return fields.substr(of_page.size());
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(sessions_tests, sessions_fixture)

CAF_TEST(who signs in gets a cookie that no script and no other site has) {
  start_with_people();
  const auto a = sign_in("ada");
  CAF_CHECK_EQUAL(a.status, 204);
  const auto cookie = a.field("set-cookie");
  CAF_CHECK(cookie.starts_with("mediad="));
  CAF_CHECK(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax; Max-Age=7776000"));
  CAF_CHECK_EQUAL(a.field("cache-control"), "no-store");
  const auto told = session(fields_after(a));
  CAF_CHECK_EQUAL(told["user"]["id"], ada);
  CAF_CHECK_EQUAL(told["user"]["name"], "ada");
  CAF_CHECK_EQUAL(told["user"]["role"], "admin");
  CAF_CHECK_EQUAL(told["signed_in"], true);
  CAF_CHECK_EQUAL(told["scopes"].size(), 6U);
  const auto of_member = session(signed_in("mia"));
  CAF_CHECK_EQUAL(of_member["scopes"].size(), 5U);
}

CAF_TEST(under TLS the cookie has a name and a mark for it) {
  options.trusted_proxies = {"127.0.0.1"};
  start_with_people();
  const auto a =
    sign_in("ada", password, "X-Forwarded-Proto: https\r\nX-Forwarded-Host: media.example\r\n");
  CAF_CHECK_EQUAL(a.status, 204);
  const auto cookie = a.field("set-cookie");
  CAF_CHECK(cookie.starts_with("__Host-mediad="));
  CAF_CHECK(cookie.ends_with("; Secure"));
  CAF_CHECK_EQUAL(status_of(fields_after(a)), 200);
}

CAF_TEST(nobody need sign in before there is somebody to do so) {
  start();
  const auto told = session("");
  CAF_CHECK_EQUAL(told["user"]["name"], "local");
  CAF_CHECK_EQUAL(told["signed_in"], false);
  const auto of_another_server =
    "Cookie: mediad=01ARZ3NDEKTSV4RRFFQ69G5FAV." + std::string(43, 'a') + "\r\n";
  CAF_CHECK_EQUAL(status_of(of_another_server), 200);
  CAF_CHECK_EQUAL(status_in(sign_in("local", "")), 401);
}

CAF_TEST(who shows nothing is told to sign in) {
  start_with_people();
  const auto a = ask("GET", "/v1/files");
  CAF_CHECK_EQUAL(a.status, 401);
  CAF_CHECK_EQUAL(code_of(a), "unauthenticated");
  CAF_CHECK_EQUAL(a.field("www-authenticate"), R"(Bearer realm="mediad")");
  CAF_CHECK_EQUAL(status_in(ask("GET", "/livez")), 200);
}

CAF_TEST(a wrong password and an unknown name have one answer) {
  start_with_people();
  const auto wrong = sign_in("ada", "salty-waves?");
  const auto unknown = sign_in("nobody", "salty-waves?");
  CAF_CHECK_EQUAL(wrong.status, 401);
  CAF_CHECK_EQUAL(code_of(wrong), "wrong_password");
  CAF_CHECK_EQUAL(wrong.field("set-cookie"), "");
  CAF_CHECK_EQUAL(wrong.body, unknown.body);
  CAF_CHECK_EQUAL(wrong.status, unknown.status);
  CAF_CHECK_EQUAL(wrong.fields.size(), unknown.fields.size());
}

CAF_TEST(a disabled user neither signs in nor goes on) {
  start_with_people();
  const auto page = signed_in("mia");
  CAF_CHECK_EQUAL(status_of(page), 200);
  disable(mia);
  CAF_CHECK_EQUAL(status_of(page), 401);
  const auto a = sign_in("mia");
  CAF_CHECK_EQUAL(a.status, 401);
  CAF_CHECK_EQUAL(code_of(a), "wrong_password");
  disable(mia, false);
  CAF_CHECK_EQUAL(status_in(sign_in("mia")), 204);
}

CAF_TEST(who guesses waits and nobody else does) {
  start_with_people();
  for (int i = 0; i < 5; ++i)
    CAF_CHECK_EQUAL(status_in(sign_in("ada", "salty-waves?")), 401);
  const auto a = sign_in("ada");
  CAF_CHECK_EQUAL(a.status, 429);
  CAF_CHECK_EQUAL(code_of(a), "too_many_tries");
  CAF_CHECK_EQUAL(a.field("retry-after"), "1");
  CAF_CHECK_EQUAL(a.field("set-cookie"), "");
  CAF_CHECK_EQUAL(status_in(sign_in("mia")), 204);
}

CAF_TEST(wrong passwords are counted and no right one is) {
  start_with_people();
  const auto page = signed_in("ada");
  const auto is_told = [&](const std::string& number) {
    const auto text = ask("GET", "/metrics", "", page).body;
    return text.find("\nmediad_wrong_passwords_total " + number + "\n") != std::string::npos;
  };
  CAF_CHECK(is_told("0"));
  CAF_CHECK_EQUAL(status_in(sign_in("mia", "salty-waves?")), 401);
  CAF_CHECK_EQUAL(status_in(sign_in("nobody", "salty-waves?")), 401);
  CAF_CHECK_EQUAL(status_in(change_password(page, "salty-waves?", "quiet-dunes!")), 403);
  CAF_CHECK_EQUAL(status_in(sign_in("mia")), 204);
  CAF_CHECK(is_told("3"));
}

CAF_TEST(what is no name and password is refused) {
  start_with_people();
  CAF_CHECK_EQUAL(status_in(ask_json("POST", "/v1/session", {{"name", 1}, {"password", "x"}})),
                  400);
  CAF_CHECK_EQUAL(status_in(ask_json("POST", "/v1/session", {{"name", "ada"}, {"password", {1}}})),
                  400);
  CAF_CHECK_EQUAL(status_in(ask_json("POST", "/v1/session", json::array())), 400);
  CAF_CHECK_EQUAL(status_in(ask("POST", "/v1/session", R"({"name":"ada"})")), 415);
  CAF_CHECK_EQUAL(status_in(ask_json("POST", "/v1/session", json::object())), 401);
}

CAF_TEST(who signs out hears of it and is nobody afterwards) {
  start_with_people();
  const auto page = signed_in("ada");
  http_client kept{server->address()};
  const auto a = kept.ask("DELETE", "/v1/session", "", page);
  CAF_CHECK_EQUAL(a.status, 204);
  CAF_CHECK_EQUAL(a.field("set-cookie"), "mediad=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
  CAF_CHECK_EQUAL(a.field("clear-site-data"), R"("cache", "cookies", "storage")");
  CAF_CHECK_EQUAL(status_in(kept.ask("GET", "/v1/files", "", page)), 401);
  CAF_CHECK_EQUAL(status_of(page), 401);
}

CAF_TEST(who signs in again has one session) {
  start_with_people();
  const auto before = signed_in("ada");
  const auto a = sign_in("ada", password, before);
  CAF_CHECK_EQUAL(a.status, 204);
  const auto after = fields_after(a);
  CAF_CHECK_EQUAL(status_of(before), 401);
  CAF_CHECK_EQUAL(items_of("/v1/sessions", after).size(), 1U);
  const auto another = fields_after(sign_in("mia", password, after));
  CAF_CHECK_EQUAL(status_of(after), 401);
  const auto told = session(another);
  CAF_CHECK_EQUAL(told["user"]["name"], "mia");
}

CAF_TEST(a user sees the own sessions and ends them) {
  start_with_people();
  const auto here = signed_in("ada");
  // No text in UTF-8, and longer than what is kept.
  const auto there =
    fields_after(sign_in("ada", password, "User-Agent: " + std::string(300, '\xF6') + "\r\n"));
  const auto others = signed_in("mia");
  const auto all = items_of("/v1/sessions", here);
  CAF_REQUIRE_EQUAL(all.size(), 2U);
  CAF_CHECK_EQUAL(all[0]["current"], true);
  CAF_CHECK_EQUAL(all[1]["current"], false);
  CAF_CHECK_EQUAL(all[0]["address"], "127.0.0.1");
  const auto text = all.dump();
  CAF_CHECK(text.find("digest") == std::string::npos);
  const auto target = "/v1/sessions/" + all[1]["id"].get<std::string>();
  CAF_CHECK_EQUAL(status_of(others, target, "DELETE"), 404);
  CAF_CHECK_EQUAL(status_of(there), 200);
  CAF_CHECK_EQUAL(status_of(here, target, "DELETE"), 204);
  CAF_CHECK_EQUAL(status_of(there), 401);
  CAF_CHECK_EQUAL(status_of(here, target, "DELETE"), 404);
  CAF_CHECK_EQUAL(status_of(here), 200);
}

CAF_TEST(a user signs out everywhere else at once) {
  start_with_people();
  const auto here = signed_in("ada");
  const auto there = signed_in("ada");
  const auto elsewhere = signed_in("ada");
  const auto others = signed_in("mia");
  const auto program = token_of(ada, 63);
  const auto refused = ask("DELETE", "/v1/sessions", "", program);
  CAF_CHECK_EQUAL(refused.status, 403);
  CAF_CHECK_EQUAL(code_of(refused), "session_needed");
  CAF_CHECK_EQUAL(status_of(of_another_site + cookie_alone(here), "/v1/sessions", "DELETE"), 403);
  CAF_CHECK_EQUAL(status_of(there), 200);
  CAF_CHECK_EQUAL(status_of(here, "/v1/sessions", "DELETE"), 204);
  CAF_CHECK_EQUAL(status_of(here), 200);
  CAF_CHECK_EQUAL(status_of(there), 401);
  CAF_CHECK_EQUAL(status_of(elsewhere), 401);
  CAF_CHECK_EQUAL(status_of(others), 200);
  CAF_CHECK_EQUAL(status_of(program), 200);
  CAF_CHECK_EQUAL(items_of("/v1/sessions", here).size(), 1U);
  CAF_CHECK_EQUAL(status_of(here, "/v1/sessions", "DELETE"), 204);
}

CAF_TEST(a session ends by itself) {
  start_with_people();
  CAF_CHECK_EQUAL(status_of(session_of(ada, now_ms(), now_ms() + 100'000)), 200);
  CAF_CHECK_EQUAL(status_of(session_of(ada, now_ms(), now_ms() - 1)), 401);
}

CAF_TEST(a new password ends the other sessions and gives this one a new cookie) {
  start_with_people();
  const auto here = signed_in("ada");
  const auto there = signed_in("ada");
  const auto others = signed_in("mia");
  const auto program = token_of(ada, 2);
  CAF_CHECK_EQUAL(status_in(change_password(here, "salty-waves?", "quiet-dunes!")), 403);
  CAF_CHECK_EQUAL(status_in(change_password(here, password, "short")), 400);
  CAF_CHECK_EQUAL(status_of(there), 200);
  const auto a = change_password(here, password, "quiet-dunes!");
  CAF_CHECK_EQUAL(a.status, 204);
  CAF_CHECK_EQUAL(status_of(fields_after(a)), 200);
  CAF_CHECK_EQUAL(status_of(here), 401);
  CAF_CHECK_EQUAL(status_of(there), 401);
  CAF_CHECK_EQUAL(status_of(others), 200);
  CAF_CHECK_EQUAL(status_of(program), 200);
  CAF_CHECK_EQUAL(status_in(sign_in("ada")), 401);
  CAF_CHECK_EQUAL(status_in(sign_in("ada", "quiet-dunes!")), 204);
}

CAF_TEST(a token changes no password) {
  start_with_people();
  const auto a = change_password(token_of(ada, 63), password, "quiet-dunes!");
  CAF_CHECK_EQUAL(a.status, 403);
  CAF_CHECK_EQUAL(code_of(a), "session_needed");
}

CAF_TEST(a page of another site does nothing with the cookie) {
  start_with_people();
  const auto page = signed_in("ada");
  const auto cookie = cookie_alone(page);
  for (const auto& from :
       {std::string{of_another_site}, std::string{}, std::string{"Sec-Fetch-Site: cross-site\r\n"},
        std::string{"Origin: null\r\n"}}) {
    CAF_CHECK_EQUAL(status_of(from + cookie, "/v1/session", "DELETE"), 403);
    CAF_CHECK_EQUAL(status_in(make_token(from + cookie, {"read"})), 403);
    CAF_CHECK_EQUAL(status_in(change_password(from + cookie, password, "quiet-dunes!")), 403);
    CAF_CHECK_EQUAL(status_in(ask("POST", "/v1/files?name=a", "x", from + cookie)), 403);
  }
  CAF_CHECK_EQUAL(status_of(of_another_site + cookie), 403);
  CAF_CHECK_EQUAL(status_in(sign_in("ada", password, of_another_site)), 403);
  CAF_CHECK_EQUAL(status_of(page), 200);
  CAF_CHECK(items_of("/v1/tokens", page).empty());
}

CAF_TEST_FIXTURE_SCOPE_END()
