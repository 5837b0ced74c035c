#define CAF_SUITE net_people_second_factor

#include "net/people/second_factor.hpp"

#include "base/totp.hpp"
#include "tests/net/support/people_fixture.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;

namespace {

struct second_factor_fixture : people_fixture {
  std::vector<std::string> recovery;
  std::string secret;

  static std::uint64_t step_now() {
    return static_cast<std::uint64_t>(now_ms()) / 30'000;
  }
  std::string code(std::uint64_t step) const {
    return totp_code(secret, step);
  }

  http_answer propose(const std::string& fields) {
    return ask("POST", "/v1/totp", "", fields);
  }
  http_answer turn_on(const std::string& fields, const std::string& text, const std::string& code) {
    return ask_json("PUT", "/v1/totp", {{"secret", text}, {"code", code}}, fields);
  }
  http_answer turn_off(const std::string& fields, const std::string& code) {
    return ask_json("POST", "/v1/totp/disable", {{"code", code}}, fields);
  }
  http_answer enter(const std::string& name, const std::string& code) {
    return ask_json("POST", "/v1/session",
                    {{"name", name}, {"password", password}, {"code", code}});
  }
  json told(const std::string& fields) {
    return json::parse(ask("GET", "/v1/totp", "", fields).body);
  }

  /// Sets it up with the code of the step before this one, so that the next two are left.
  void set_up(const std::string& fields) {
    const auto text = json::parse(propose(fields).body).at("secret").get<std::string>();
    secret = from_base32(text).value();
    const auto on = turn_on(fields, text, code(step_now() - 1));
    if (on.status != 200)
      throw std::runtime_error{"second factor: " + on.body};
    recovery = json::parse(on.body).at("recovery_codes").get<std::vector<std::string>>();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(second_factor_tests, second_factor_fixture)

CAF_TEST(who has set one up needs a code beside the password) {
  start_with_people();
  const auto page = signed_in("mia");
  CAF_CHECK(told(page)["enabled_at"].is_null());
  set_up(page);
  CAF_CHECK(!told(page)["enabled_at"].is_null());
  const auto without = sign_in("mia");
  CAF_CHECK_EQUAL(without.status, 401);
  CAF_CHECK(code_of(without) == "code_needed");
  CAF_CHECK_EQUAL(without.field("set-cookie"), "");
  CAF_CHECK_EQUAL(status_in(enter("mia", code(step_now()))), 204);
  CAF_CHECK_EQUAL(status_in(sign_in("ada")), 204);
}

CAF_TEST(the address for authenticators has all they need) {
  start_with_people();
  const auto made = json::parse(propose(signed_in("mia")).body);
  const auto text = made.at("secret").get<std::string>();
  CAF_CHECK_EQUAL(text.size(), 32U);
  CAF_CHECK_EQUAL(made.at("uri"), "otpauth://totp/mediad:mia?secret=" + text
                                    + "&issuer=mediad&algorithm=SHA1&digits=6&period=30");
}

CAF_TEST(a wrong password is not told that a code is needed) {
  start_with_people();
  set_up(signed_in("mia"));
  const auto wrong = sign_in("mia", "salty-waves?");
  CAF_CHECK(code_of(wrong) == "wrong_password");
}

CAF_TEST(a code counts once) {
  start_with_people();
  set_up(signed_in("mia"));
  const auto step = step_now();
  CAF_CHECK_EQUAL(status_in(enter("mia", code(step))), 204);
  const auto again = enter("mia", code(step));
  CAF_CHECK_EQUAL(again.status, 401);
  CAF_CHECK(code_of(again) == "wrong_code");
  CAF_CHECK_EQUAL(status_in(enter("mia", code(step + 1))), 204);
}

CAF_TEST(a recovery code counts once in place of a code) {
  start_with_people();
  const auto page = signed_in("mia");
  set_up(page);
  CAF_REQUIRE_EQUAL(recovery.size(), 10U);
  CAF_CHECK_EQUAL(status_in(enter("mia", recovery[3])), 204);
  CAF_CHECK_EQUAL(status_in(enter("mia", recovery[3])), 401);
  const auto in = enter("mia", recovery[4]);
  CAF_CHECK_EQUAL(in.status, 204);
  CAF_CHECK(told(fields_after(in))["recovery_codes"] == 8);
}

CAF_TEST(who guesses codes waits as one does who guesses passwords) {
  start_with_people();
  set_up(signed_in("mia"));
  for (int i = 0; i < 5; ++i)
    CAF_CHECK_EQUAL(status_in(enter("mia", "no code")), 401);
  CAF_CHECK_EQUAL(status_in(enter("mia", code(step_now()))), 429);
}

CAF_TEST(it is not turned on without a right first code) {
  start_with_people();
  const auto page = signed_in("mia");
  const auto text = json::parse(propose(page).body).at("secret").get<std::string>();
  const auto wrong = turn_on(page, text, "no code");
  CAF_CHECK_EQUAL(wrong.status, 403);
  CAF_CHECK(code_of(wrong) == "wrong_code");
  CAF_CHECK_EQUAL(status_in(turn_on(page, "AAAA", "000000")), 400);
  CAF_CHECK_EQUAL(status_in(turn_on(page, "", "000000")), 400);
  CAF_CHECK_EQUAL(status_in(sign_in("mia")), 204);
}

CAF_TEST(it is turned on once) {
  start_with_people();
  const auto page = signed_in("mia");
  set_up(page);
  CAF_CHECK_EQUAL(status_in(propose(page)), 409);
  CAF_CHECK_EQUAL(status_in(turn_on(page, to_base32(secret), code(step_now()))), 409);
}

CAF_TEST(it is turned off by a code and by a recovery code and by nothing else) {
  start_with_people();
  const auto page = signed_in("mia");
  CAF_CHECK_EQUAL(status_in(turn_off(page, "000000")), 409);
  set_up(page);
  CAF_CHECK_EQUAL(status_in(turn_off(page, "no code")), 403);
  CAF_CHECK_EQUAL(status_in(turn_off(page, code(step_now()))), 204);
  CAF_CHECK_EQUAL(status_in(sign_in("mia")), 204);
  set_up(page);
  CAF_CHECK_EQUAL(status_in(turn_off(page, recovery.front())), 204);
  CAF_CHECK_EQUAL(status_in(sign_in("mia")), 204);
}

CAF_TEST(it is changed only with a password that was given moments ago) {
  start_with_people();
  const auto late = session_of(mia, 0, 0);
  const auto token = token_of(mia, net::rights::all().to_bits());
  CAF_CHECK(code_of(propose(late)) == "password_needed");
  CAF_CHECK(code_of(turn_on(late, "", "")) == "password_needed");
  CAF_CHECK(code_of(turn_off(late, "")) == "password_needed");
  CAF_CHECK(code_of(propose(token)) == "session_needed");
  CAF_CHECK_EQUAL(status_of(token, "/v1/totp"), 403);
  CAF_CHECK_EQUAL(status_of(late, "/v1/totp"), 200);
}

CAF_TEST(nobody sets it up before somebody signs in) {
  start();
  CAF_CHECK(code_of(propose(of_page)) == "session_needed");
}

CAF_TEST(a link needs a code as well and is not spent without) {
  start_with_people();
  set_up(signed_in("mia"));
  const auto made = ask("POST", "/v1/users/" + mia + "/link", "", signed_in("ada"));
  const auto url = json::parse(made.body).at("url").get<std::string>();
  const auto link = url.substr(url.find("#link=") + 6);
  const auto without = ask_json("POST", "/v1/session", {{"link", link}});
  CAF_CHECK(code_of(without) == "code_needed");
  const auto with = ask_json("POST", "/v1/session", {{"link", link}, {"code", code(step_now())}});
  CAF_CHECK_EQUAL(with.status, 204);
}

CAF_TEST(an admin of whom one is asked is none before) {
  options.admins_need_totp = true;
  start_with_people();
  const auto page = signed_in("ada");
  CAF_CHECK(told(page)["needed"] == true);
  const auto refused = ask("GET", "/v1/users", "", page);
  CAF_CHECK_EQUAL(refused.status, 403);
  CAF_CHECK(code_of(refused) == "second_factor_needed");
  const auto token = token_of(ada, net::rights::all().to_bits());
  CAF_CHECK_EQUAL(status_of(token, "/metrics"), 403);
  CAF_CHECK_EQUAL(status_of(page), 200);
  set_up(page);
  CAF_CHECK_EQUAL(status_of(page, "/v1/users"), 200);
  CAF_CHECK_EQUAL(status_of(token, "/metrics"), 200);
  CAF_CHECK(told(signed_in("mia"))["needed"] == false);
}

CAF_TEST(none is asked of those who need not sign in) {
  options.admins_need_totp = true;
  start();
  CAF_CHECK_EQUAL(status_of(of_page, "/v1/users"), 200);
}

CAF_TEST_FIXTURE_SCOPE_END()
