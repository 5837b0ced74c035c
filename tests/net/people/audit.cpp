#define CAF_SUITE net_people_audit

#include "tests/net/support/eventually.hpp"
#include "tests/net/support/people_fixture.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

#include <chrono>

using namespace mediad;
using namespace mediad::tests;
using namespace std::chrono_literals;

namespace {

struct audit_fixture : people_fixture {
  /// The items, once there are @p at_least: they may be a second late.
  json noted(const std::string& page, std::size_t at_least) {
    return eventually([&] { return items_of("/v1/audit", page); },
                      [at_least](const json& items) { return items.size() >= at_least; });
  }
  static std::string acts_in(const json& items) {
    std::string all;
    for (const auto& one : items)
      all.insert(0, one["act"].get<std::string>() + ' ');
    return all;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(audit_tests, audit_fixture)

CAF_TEST(what people do is told to admins) {
  start_with_people();
  const auto page = signed_in("ada");
  make_token(page, {"read"});
  const auto id =
    json::parse(ask("POST", "/v1/files?name=a.txt", "sand", page).body)["id"].get<std::string>();
  ask("DELETE", "/v1/files/" + id, "", page);
  ask_json("PATCH", "/v1/users/" + mia, {{"display_name", "Mia"}}, page);
  const auto items = noted(page, 4);
  CAF_CHECK_EQUAL(acts_in(items), "session.begun token.made file.deleted user.changed ");
  const auto& change = items[0];
  CAF_CHECK_EQUAL(change["user"]["id"], ada);
  CAF_CHECK_EQUAL(change["user"]["name"], "ada");
  CAF_CHECK_EQUAL(change["about"], "mia");
  CAF_CHECK_EQUAL(change["address"], "127.0.0.1");
  CAF_CHECK(change["credential"].is_string());
  CAF_CHECK_EQUAL(items[1]["about"], id);
  CAF_CHECK_EQUAL(items[2]["about"], "camera");
}

CAF_TEST(a page goes on where the last one ended and ends) {
  start_with_people();
  const auto page = signed_in("ada");
  make_token(page, {"read"});
  CAF_REQUIRE_EQUAL(noted(page, 2).size(), 2u);
  const auto first = json::parse(ask("GET", "/v1/audit?limit=1", "", page).body);
  CAF_CHECK_EQUAL(first["items"][0]["act"], "token.made");
  const auto cursor = first["cursor"].get<std::string>();
  const auto second = json::parse(ask("GET", "/v1/audit?limit=2&cursor=" + cursor, "", page).body);
  CAF_CHECK_EQUAL(acts_in(second["items"]), "session.begun ");
  CAF_CHECK(second["cursor"].is_null());
  for (const auto* query : {"?limit=0", "?limit=501", "?limit=x", "?cursor=x", "?other=1"})
    CAF_CHECK_EQUAL(status_of(page, std::string{"/v1/audit"} + query), 400);
}

CAF_TEST(nobody else sees it) {
  start_with_people();
  CAF_CHECK_EQUAL(status_of("", "/v1/audit"), 401);
  CAF_CHECK_EQUAL(status_of(signed_in("mia"), "/v1/audit"), 403);
  CAF_CHECK_EQUAL(status_of(token_of(ada, 31), "/v1/audit"), 403);
}

CAF_TEST(what goes on by a token ends within a second of its expiry) {
  start_with_people();
  const auto token = token_of(mia, 63, now_ms() + 700);
  const auto begun = std::chrono::steady_clock::now();
  // An event stream that the client never ends.
  ask("GET", "/v1/events", "", token + "Accept: text/event-stream\r\n");
  const auto took = std::chrono::steady_clock::now() - begun;
  CAF_CHECK(took >= 500ms);
  CAF_CHECK(took < 1900ms);
}

CAF_TEST(who sends too many requests waits and others do not ) {
  options.request_rate = 1;
  options.request_burst = 5;
  start_with_people();
  const auto token = token_of(mia, 63);
  int refused = 0;
  http_answer last;
  for (int i = 0; i < 8; ++i) {
    last = ask("GET", "/v1/files", "", token);
    refused += last.status == 429 ? 1 : 0;
  }
  CAF_CHECK(refused >= 2);
  CAF_REQUIRE_EQUAL(last.status, 429);
  CAF_CHECK_EQUAL(code_of(last), "too_many");
  CAF_CHECK_EQUAL(last.field("retry-after"), "1");
  CAF_CHECK_EQUAL(last.field("ratelimit"), "\"requests\";r=0;t=1");
  CAF_CHECK_EQUAL(last.field("ratelimit-policy"), "\"requests\";q=5;w=5");
  CAF_CHECK_EQUAL(last.field("ratelimit-remaining"), "0");
  CAF_CHECK_EQUAL(status_of(token_of(ada, 63)), 200);
}

CAF_TEST_FIXTURE_SCOPE_END()
