#define CAF_SUITE net_events_first_frame

#include "net/events/first_frame.hpp"

#include "tests/net/events/subscriber.hpp"
#include "tests/net/support/people_fixture.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;
using namespace std::chrono_literals;

namespace {

struct first_frame_fixture : people_fixture {
  static constexpr unsigned policy_violation = 1008;

  boost::asio::ip::tcp::endpoint endpoint() const {
    const auto address = server->address();
    const auto colon = address.rfind(':');
    return {boost::asio::ip::make_address(address.substr(0, colon)),
            static_cast<std::uint16_t>(std::stoul(address.substr(colon + 1)))};
  }

  /// The token of mia's with these rights, as she gets it.
  std::string token(const std::vector<std::string>& scopes) {
    const auto made = make_token(signed_in("mia"), scopes);
    return json::parse(made.body).at("token").get<std::string>();
  }

  static std::string auth(const std::string& token) {
    return json{{"type", "auth"}, {"token", token}}.dump();
  }

  /// How the connection ended: the reason, or the type of the frame that came instead.
  static std::string ending_of(subscriber& s) {
    const auto frame = s.next();
    if (!frame.is_null())
      return type_of(frame);
    return std::to_string(s.close_code()) + ' ' + std::string{s.ws.reason().reason.c_str()};
  }
  std::string ending_after(const std::string& first, const std::string& query = {}) {
    subscriber s{endpoint(), query};
    s.say(first);
    return ending_of(s);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(first_frame_tests, first_frame_fixture)

CAF_TEST(a token in the first frame opens the events of its user) {
  start_with_people();
  subscriber s{endpoint()};
  CAF_CHECK(!s.refused);
  s.say(auth(token({"read"})));
  CAF_CHECK_EQUAL(type_of(s.next()), "hello");
  storage::notice to_another;
  to_another.user = ada;
  to_another.text = "not for mia";
  have_applied(to_another);
  storage::notice n;
  n.user = mia;
  n.text = "for mia";
  have_applied(n);
  const auto heard = s.next();
  CAF_CHECK_EQUAL(heard.at("message"), "for mia");
}

CAF_TEST(nothing is told before the first frame has come) {
  options.header_timeout = 300ms;
  start_with_people();
  subscriber s{endpoint(), "?since=0"};
  CAF_REQUIRE(!s.refused);
  const auto ending = ending_of(s);
  CAF_CHECK_EQUAL(ending, "1008 unauthenticated");
}

CAF_TEST(a first frame that shows no token which counts ends the connection) {
  start_with_people();
  const auto good = token({"read"});
  for (const auto& frame :
       {std::string{R"({"type":"ping"})"}, std::string{"{"}, std::string{R"({"type":"auth"})"},
        std::string{R"({"type":"auth","token":7})"}, auth(""), auth("secret"),
        auth(good.substr(0, good.size() - 1)), auth(good + "\r\nCookie: mediad=1")}) {
    const auto ending = ending_after(frame);
    CAF_CHECK_EQUAL(ending, "1008 unauthenticated");
  }
}

CAF_TEST(a binary first frame and one that is too large end the connection) {
  start_with_people();
  const auto good = auth(token({"read"}));
  subscriber binary{endpoint()};
  binary.ws.binary(true);
  binary.say(good);
  const auto of_binary = ending_of(binary);
  CAF_CHECK_EQUAL(of_binary, "1008 unauthenticated");
  const auto of_large = ending_after(auth(std::string(5'000, 'a')));
  CAF_CHECK(of_large.starts_with("1009"));
}

CAF_TEST(a token without the right to listen does not listen) {
  start_with_people();
  const auto ending = ending_after(auth(token({"share"})));
  CAF_CHECK_EQUAL(ending, "1008 missing_right");
}

CAF_TEST(who may only upload listens to what it has sent and to nothing else) {
  start_with_people();
  const auto by = token({"upload"});
  const auto sent = json::parse(ask("POST", "/v1/files?name=a.bin", "sand", bearer(by)).body);
  const auto other =
    json::parse(ask("POST", "/v1/files?name=b.bin", "silt", signed_in("mia")).body);
  const auto without = ending_after(auth(by));
  CAF_CHECK_EQUAL(without, "1008 bad_request");
  const auto of_other = ending_after(auth(by), "?file=" + other.at("id").get<std::string>());
  CAF_CHECK_EQUAL(of_other, "1008 not_found");
  const auto of_own = ending_after(auth(by), "?file=" + sent.at("id").get<std::string>());
  CAF_CHECK_EQUAL(of_own, "hello");
}

CAF_TEST(an upload ticket listens to what was sent by it) {
  start_with_people();
  const auto made = ask_json("POST", "/v1/tickets", json::object(), signed_in("mia"));
  const auto ticket = json::parse(made.body).at("ticket").get<std::string>();
  const auto sent = json::parse(ask("POST", "/v1/files?name=a.bin", "sand", bearer(ticket)).body);
  const auto of_own = ending_after(auth(ticket), "?file=" + sent.at("id").get<std::string>());
  CAF_CHECK_EQUAL(of_own, "hello");
}

CAF_TEST(a token that is revoked ends what was opened by it) {
  start_with_people();
  const auto text = token({"read"});
  subscriber s{endpoint()};
  s.say(auth(text));
  CAF_CHECK_EQUAL(type_of(s.next()), "hello");
  const auto id = text.substr(7, 26);
  CAF_CHECK_EQUAL(status_of(signed_in("mia"), "/v1/tokens/" + id, "DELETE"), 204);
  const auto after = s.next();
  CAF_CHECK(after.is_null());
}

CAF_TEST(who guesses the secret of a token waits) {
  start_with_people();
  const auto good = token({"read"});
  const auto guess = auth(good.substr(0, good.size() - 2) + "xx");
  for (int i = 0; i < 5; ++i)
    CAF_CHECK(ending_after(guess) == "1008 unauthenticated");
  const auto ending = ending_after(auth(good));
  CAF_CHECK_EQUAL(ending, "1008 too_many_tries");
  CAF_CHECK_EQUAL(status_of(bearer(good)), 200);
}

CAF_TEST(a page of another site does not get as far) {
  options.allowed_origins = {"https://app.example"};
  start_with_people();
  const auto from = [](const std::string& origin) {
    return [origin](subscriber::request& r) {
      r.set("Origin", origin);
    };
  };
  const subscriber other{endpoint(), "", from("https://evil.example")};
  CAF_CHECK_EQUAL(other.answer.result_int(), 403u);
  subscriber allowed{endpoint(), "", from("https://app.example")};
  CAF_CHECK(!allowed.refused);
  allowed.say(auth(token({"read"})));
  CAF_CHECK_EQUAL(type_of(allowed.next()), "hello");
}

CAF_TEST(credentials that count no more are refused before the upgrade) {
  start_with_people();
  const auto with = [](const std::string& name, const std::string& value) {
    return [name, value](subscriber::request& r) {
      r.set(name, value);
    };
  };
  const auto unknown = "01ARZ3NDEKTSV4RRFFQ69G5FAV." + std::string(43, 'a');
  const subscriber cookie{endpoint(), "", with("Cookie", "mediad=" + unknown)};
  CAF_CHECK_EQUAL(cookie.answer.result_int(), 401u);
  const subscriber token{endpoint(), "", with("Authorization", "Bearer secret")};
  CAF_CHECK_EQUAL(token.answer.result_int(), 401u);
}

CAF_TEST(nobody need show anything before somebody signs in) {
  start();
  subscriber s{endpoint()};
  CAF_CHECK_EQUAL(type_of(s.next()), "hello");
  s.say(auth("secret"));
  const auto refused = s.next();
  CAF_CHECK_EQUAL(refused.at("code"), "bad_request");
  s.settle();
}

CAF_TEST_FIXTURE_SCOPE_END()
