#define CAF_SUITE net_people_tokens

#include "net/people/tokens.hpp"

#include "tests/net/support/people_fixture.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;
using net::right;
using net::rights;

namespace {

struct tokens_fixture : people_fixture {
  static std::uint64_t bits(std::initializer_list<right> some) {
    return rights{some}.to_bits();
  }
  /// What a program sends that has been given the token.
  static std::string program_with(const http_answer& made) {
    return bearer(json::parse(made.body)["token"]);
  }
  static std::string target_of(const http_answer& made) {
    return "/v1/tokens/" + json::parse(made.body)["id"].get<std::string>();
  }
  int refused_for(const std::string& page, const json& body) {
    return ask_json("POST", "/v1/tokens", body, page).status;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(tokens_tests, tokens_fixture)

CAF_TEST(a token is shown once) {
  start_with_people();
  const auto page = signed_in("ada");
  const auto made = make_token(page, {"upload", "read"});
  CAF_CHECK_EQUAL(made.status, 201);
  CAF_CHECK_EQUAL(made.field("cache-control"), "no-store");
  const auto told = json::parse(made.body);
  const auto text = told["token"].get<std::string>();
  const auto id = told["id"].get<std::string>();
  CAF_CHECK_EQUAL(text.size(), 7U + 26U + 1U + 43U);
  CAF_CHECK(text.starts_with("mediad_" + id + '_'));
  CAF_CHECK_EQUAL(told["name"], "camera");
  CAF_CHECK_EQUAL(told["scopes"], json::array({"upload", "read"}));
  CAF_CHECK(told["expires_at"].is_null());
  const auto list = ask("GET", "/v1/tokens", "", page).body;
  CAF_CHECK(list.find(id) != std::string::npos);
  CAF_CHECK(list.find(text.substr(text.size() - 43)) == std::string::npos);
  const auto all = json::parse(list)["items"];
  CAF_REQUIRE_EQUAL(all.size(), 1U);
  CAF_CHECK(!all[0].contains("token"));
  CAF_CHECK(items_of("/v1/tokens", signed_in("mia")).empty());
  CAF_CHECK(!items_of("/v1/sessions", page).empty());
}

CAF_TEST(a token does what its scopes say and no more) {
  start_with_people();
  const auto page = signed_in("ada");
  const auto reads = program_with(make_token(page, {"read"}));
  const auto sends = program_with(make_token(page, {"upload"}));
  const auto sent = ask("POST", "/v1/files?name=a", "sand", sends);
  CAF_CHECK_EQUAL(sent.status, 201);
  const auto target = "/v1/files/" + json::parse(sent.body)["id"].get<std::string>();
  CAF_CHECK_EQUAL(status_in(ask("POST", "/v1/files?name=b", "sand", reads)), 403);
  CAF_CHECK_EQUAL(status_of(reads), 200);
  CAF_CHECK_EQUAL(status_of(sends), 403);
  CAF_CHECK_EQUAL(status_of(sends, target), 200);
  CAF_CHECK_EQUAL(status_of(reads, target, "DELETE"), 403);
  CAF_CHECK_EQUAL(status_of(program_with(make_token(page, {"delete"})), target, "DELETE"), 204);
  CAF_CHECK_EQUAL(status_of(reads, "/v1/users"), 403);
  CAF_CHECK_EQUAL(status_of(program_with(make_token(page, {"admin"})), "/v1/users"), 200);
}

CAF_TEST(nobody gives a right away that is not the own) {
  start_with_people();
  const auto page = signed_in("mia");
  CAF_CHECK_EQUAL(status_in(make_token(page, {"read", "admin"})), 400);
  CAF_CHECK_EQUAL(status_in(make_token(page, {"upload", "read", "write", "delete", "share"})), 201);
}

CAF_TEST(a token loses what its user loses) {
  start_with_people();
  const auto program = token_of(ada, bits({right::read, right::admin}));
  CAF_CHECK_EQUAL(status_of(program, "/v1/users"), 200);
  storage::user_change change{mia};
  change.role = user_role::admin;
  have_applied(change);
  change.id = ada;
  change.role = user_role::member;
  have_applied(change);
  CAF_CHECK_EQUAL(status_of(program, "/v1/users"), 403);
  CAF_CHECK_EQUAL(status_of(program), 200);
}

CAF_TEST(a token has a name and known scopes and an end to come) {
  start_with_people();
  const auto page = signed_in("ada");
  const auto scopes = json::array({"read"});
  const std::string longest(100, 'x');
  for (const auto& wrong :
       {json{{"scopes", scopes}}, json{{"name", ""}, {"scopes", scopes}},
        json{{"name", 1}, {"scopes", scopes}}, json{{"name", longest + "x"}, {"scopes", scopes}},
        json{{"name", "a"}}, json{{"name", "a"}, {"scopes", json::array()}},
        json{{"name", "a"}, {"scopes", "read"}}, json{{"name", "a"}, {"scopes", {"read", "all"}}},
        json{{"name", "a"}, {"scopes", {1}}},
        json{{"name", "a"}, {"scopes", scopes}, {"expires_at", "tomorrow"}},
        json{{"name", "a"}, {"scopes", scopes}, {"expires_at", 2'000'000'000}},
        json{{"name", "a"}, {"scopes", scopes}, {"expires_at", "2001-01-31T12:00:00Z"}}})
    CAF_CHECK_EQUAL(refused_for(page, wrong), 400);
  CAF_CHECK(items_of("/v1/tokens", page).empty());
  CAF_CHECK_EQUAL(refused_for(page, {{"name", longest}, {"scopes", scopes}}), 201);
  const auto made = make_token(page, {"read"}, {{"expires_at", "2099-01-31T13:00:00+01:00"}});
  CAF_CHECK_EQUAL(made.status, 201);
  const auto told = json::parse(made.body);
  CAF_CHECK_EQUAL(told["expires_at"], "2099-01-31T12:00:00.000Z");
}

CAF_TEST(a token ends when it expires) {
  start_with_people();
  CAF_CHECK_EQUAL(status_of(token_of(ada, bits({right::read}), now_ms() + 100'000)), 200);
  const auto a = ask("GET", "/v1/files", "", token_of(ada, bits({right::read}), now_ms() - 1));
  CAF_CHECK_EQUAL(a.status, 401);
  CAF_CHECK_EQUAL(code_of(a), "unauthenticated");
}

CAF_TEST(a revoked token counts no more and only its user revokes it) {
  start_with_people();
  const auto page = signed_in("ada");
  const auto made = make_token(page, {"read"});
  const auto program = program_with(made);
  CAF_CHECK_EQUAL(status_of(program), 200);
  CAF_CHECK_EQUAL(status_of(signed_in("mia"), target_of(made), "DELETE"), 404);
  CAF_CHECK_EQUAL(status_of(program), 200);
  CAF_CHECK_EQUAL(status_of(page, target_of(made), "DELETE"), 204);
  CAF_CHECK_EQUAL(status_of(program), 401);
  CAF_CHECK_EQUAL(status_of(page, target_of(made), "DELETE"), 404);
  CAF_CHECK_EQUAL(status_of(page, "/v1/tokens/nothing", "DELETE"), 404);
}

CAF_TEST(sessions and tokens are two lists) {
  start_with_people();
  const auto page = signed_in("ada");
  const auto session = items_of("/v1/sessions", page)[0]["id"].get<std::string>();
  CAF_CHECK_EQUAL(status_of(page, "/v1/tokens/" + session, "DELETE"), 404);
  const auto token = json::parse(make_token(page, {"read"}).body)["id"].get<std::string>();
  CAF_CHECK_EQUAL(status_of(page, "/v1/sessions/" + token, "DELETE"), 404);
  CAF_CHECK_EQUAL(items_of("/v1/sessions", page).size(), 1U);
  CAF_CHECK_EQUAL(items_of("/v1/tokens", page).size(), 1U);
}

CAF_TEST(a token makes no token) {
  start_with_people();
  const auto a = make_token(token_of(ada, rights::all().to_bits()), {"read"});
  CAF_CHECK_EQUAL(a.status, 403);
  CAF_CHECK_EQUAL(code_of(a), "session_needed");
}

CAF_TEST(who makes a token has given the password a moment ago) {
  start_with_people();
  const auto ago = [&](std::chrono::minutes time) {
    return session_of(ada, now_ms() - std::chrono::milliseconds{time}.count(), now_ms() + 100'000);
  };
  const auto a = make_token(ago(std::chrono::minutes{16}), {"read"});
  CAF_CHECK_EQUAL(a.status, 403);
  CAF_CHECK_EQUAL(code_of(a), "password_needed");
  CAF_CHECK_EQUAL(status_of(ago(std::chrono::minutes{16}), "/v1/tokens"), 200);
  CAF_CHECK_EQUAL(status_in(make_token(ago(std::chrono::minutes{14}), {"read"})), 201);
}

CAF_TEST(there may be tokens before anybody signs in) {
  start();
  const auto made = make_token("", {"upload"});
  CAF_CHECK_EQUAL(made.status, 201);
  const auto program = program_with(made);
  CAF_CHECK_EQUAL(status_in(ask("POST", "/v1/files?name=a", "sand", program)), 201);
  CAF_CHECK_EQUAL(status_of(program), 403);
  CAF_CHECK_EQUAL(status_of(bearer("mediad_" + make_ulid() + '_' + make_secret())), 401);
}

CAF_TEST_FIXTURE_SCOPE_END()
