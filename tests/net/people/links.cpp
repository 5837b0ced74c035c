#define CAF_SUITE net_people_links

#include "net/people/links.hpp"

#include "tests/net/support/people_fixture.hpp"

#include <future>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;

namespace {

struct links_fixture : people_fixture {
  http_answer make_link(const std::string& fields, const std::string& of) {
    return ask("POST", "/v1/users/" + of + "/link", "", fields);
  }
  /// What stands behind `#link=` of mia's.
  std::string link() {
    const auto made = make_link(signed_in("ada"), mia);
    const auto url = json::parse(made.body).at("url").get<std::string>();
    return url.substr(url.find("#link=") + 6);
  }
  http_answer spend(const std::string& link, const std::string& fields = "") {
    return ask_json("POST", "/v1/session", {{"link", link}}, fields);
  }
  std::string user_of(const std::string& fields) {
    return json::parse(ask("GET", "/v1/session", "", fields).body)["user"]["id"];
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(links_tests, links_fixture)

CAF_TEST(a link that an admin makes signs its user in once) {
  start_with_people();
  const auto made = make_link(signed_in("ada"), mia);
  CAF_CHECK_EQUAL(made.status, 201);
  CAF_CHECK_EQUAL(made.field("cache-control"), "no-store");
  const auto url = json::parse(made.body).at("url").get<std::string>();
  CAF_CHECK(url.starts_with("http://") && url.find("/#link=" + mia + '.') != std::string::npos);
  const auto text = url.substr(url.find("#link=") + 6);
  const auto in = spend(text);
  CAF_CHECK_EQUAL(in.status, 204);
  CAF_CHECK(user_of(fields_after(in)) == mia);
  const auto again = spend(text);
  CAF_CHECK_EQUAL(again.status, 401);
  CAF_CHECK(code_of(again) == "wrong_link");
  CAF_CHECK_EQUAL(again.field("set-cookie"), "");
}

CAF_TEST(of two who spend a link at once one comes in) {
  start_with_people();
  const auto text = link();
  http_client first{server->address()};
  http_client second{server->address()};
  const auto body = json{{"link", text}}.dump();
  const std::string fields = "Content-Type: application/json\r\n";
  auto a = std::async(std::launch::async,
                      [&] { return first.ask("POST", "/v1/session", body, fields).status; });
  const auto b = second.ask("POST", "/v1/session", body, fields).status;
  const auto sum = a.get() + b;
  CAF_CHECK_EQUAL(sum, 204 + 401);
}

CAF_TEST(nobody but an admin with a password given moments ago makes one) {
  start_with_people();
  CAF_CHECK_EQUAL(status_in(make_link(signed_in("mia"), mia)), 403);
  const auto late = session_of(ada, 0, 0);
  CAF_CHECK(code_of(make_link(late, mia)) == "password_needed");
  const auto token = token_of(ada, net::rights::all().to_bits());
  CAF_CHECK(code_of(make_link(token, mia)) == "session_needed");
  CAF_CHECK_EQUAL(status_in(make_link(signed_in("ada"), make_ulid())), 404);
}

CAF_TEST(a disabled user gets no link and the one there was is void) {
  start_with_people();
  const auto text = link();
  storage::user_change c{mia};
  c.disabled = true;
  have_applied(c);
  CAF_CHECK_EQUAL(status_in(spend(text)), 401);
  CAF_CHECK_EQUAL(status_in(make_link(signed_in("ada"), mia)), 409);
}

CAF_TEST(a new password ends the link) {
  start_with_people();
  const auto text = link();
  CAF_CHECK_EQUAL(
    status_in(ask_json("PUT", "/v1/password", {{"old", password}, {"new", "other-waves!!"}},
                       signed_in("mia"))),
    204);
  CAF_CHECK_EQUAL(status_in(spend(text)), 401);
}

CAF_TEST(what is no link is refused like one that was used) {
  start_with_people();
  const auto text = link();
  for (const auto& wrong :
       {std::string{"a"}, std::string{"."}, mia + '.', ada + text.substr(26), text + 'a',
        make_ulid() + text.substr(26), text.substr(0, text.size() - 1)}) {
    const auto a = spend(wrong);
    CAF_CHECK_EQUAL(a.status, 401);
    CAF_CHECK(code_of(a) == "wrong_link");
  }
  CAF_CHECK_EQUAL(status_in(spend(text)), 204);
}

CAF_TEST(who guesses links waits) {
  start_with_people();
  const auto text = link();
  for (int i = 0; i < 5; ++i)
    CAF_CHECK_EQUAL(status_in(spend(mia + ".wrong")), 401);
  CAF_CHECK_EQUAL(status_in(spend(text)), 429);
  CAF_CHECK_EQUAL(status_in(sign_in("mia")), 204);
}

CAF_TEST(after a link a new password needs no old one and after a password it does) {
  start_with_people();
  const auto change = [&](const std::string& fields) {
    return ask_json("PUT", "/v1/password", {{"new", "other-waves!!"}}, fields).status;
  };
  CAF_CHECK_EQUAL(change(signed_in("mia")), 403);
  CAF_CHECK_EQUAL(change(fields_after(spend(link()))), 204);
  CAF_CHECK_EQUAL(status_in(sign_in("mia", "other-waves!!")), 204);
  CAF_CHECK_EQUAL(status_in(sign_in("mia")), 401);
}

CAF_TEST(a session that a link has begun replaces the one before) {
  start_with_people();
  const auto before = signed_in("ada");
  CAF_CHECK_EQUAL(status_in(spend(link(), before)), 204);
  CAF_CHECK_EQUAL(status_of(before), 401);
}

CAF_TEST_FIXTURE_SCOPE_END()
