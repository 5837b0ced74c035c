#define CAF_SUITE net_events_websocket_rules

#include "net/events/websocket.hpp"
#include "tests/net/events/subscriber.hpp"
#include "tests/net/support/http_client.hpp"
#include "tests/net/support/served.hpp"

#include <boost/asio/write.hpp>
#include <caf/test/unit_test.hpp>

using namespace mediad;
using namespace mediad::tests;
using namespace std::chrono_literals;

namespace {

namespace http = boost::beast::http;
using json = nlohmann::json;

auto with(http::field name, std::string value) {
  return [name, value = std::move(value)](subscriber::request& r) {
    r.set(name, value);
  };
}

/// Sends a close frame as it is: Beast would refuse to send some of these codes.
void send_close(subscriber& s, unsigned code) {
  const char masked_by_zeros[] = {
    '\x88', '\x82', 0, 0, 0, 0, static_cast<char>(code >> 8U), static_cast<char>(code & 0xFFU)};
  boost::system::error_code gone;
  boost::asio::write(s.ws.next_layer(), boost::asio::buffer(masked_by_zeros), gone);
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(websocket_tests, served)

CAF_TEST(nonsense is answered and the connection goes on) {
  start();
  subscriber s{endpoint};
  CAF_CHECK_EQUAL(type_of(s.next()), "hello");
  for (const auto& nonsense :
       {std::string{"{"}, std::string{R"({"type":"dance"})"}, std::string(4'096, '[')}) {
    s.say(nonsense);
    const auto refused = s.next();
    CAF_CHECK_EQUAL(type_of(refused), "error");
    CAF_CHECK_EQUAL(code_of(refused), "bad_request");
  }
  s.ws.binary(true);
  s.say("bytes");
  CAF_CHECK_EQUAL(type_of(s.next()), "error");
  s.ws.text(true);
  s.say(R"({"type":"ping"})");
  CAF_CHECK_EQUAL(type_of(s.next()), "pong");
}

CAF_TEST(a message over the limit closes the connection) {
  start();
  subscriber s{endpoint};
  CAF_CHECK_EQUAL(type_of(s.next()), "hello");
  s.say(std::string(4'097, 'x'));
  CAF_CHECK(s.next().is_null());
  CAF_CHECK_EQUAL(s.close_code(), 1009u);
}

CAF_TEST(a client that asks without listening is not read from) {
  start_with(8);
  subscriber s{endpoint};
  for (int i = 0; i < 2'000; ++i)
    s.say(R"({"type":"ping"})");
  CAF_CHECK_EQUAL(type_of(s.next()), "hello");
  int pongs = 0;
  while (pongs < 2'000 && type_of(s.next()) == "pong")
    ++pongs;
  CAF_CHECK_EQUAL(pongs, 2'000);
}

CAF_TEST(the subprotocol is named back when it was offered) {
  start();
  subscriber s{endpoint, "", with(http::field::sec_websocket_protocol, "other, mediad.events.v1")};
  CAF_CHECK(!s.refused);
  CAF_CHECK_EQUAL(s.answer[http::field::sec_websocket_protocol], "mediad.events.v1");
  subscriber plain{endpoint, "", with(http::field::sec_websocket_protocol, "other")};
  CAF_CHECK(!plain.refused);
  CAF_CHECK_EQUAL(plain.answer.count(http::field::sec_websocket_protocol), 0u);
}

CAF_TEST(a page from elsewhere is refused) {
  start();
  subscriber evil{endpoint, "", with(http::field::origin, "http://evil.example")};
  CAF_CHECK(evil.refused);
  CAF_CHECK_EQUAL(evil.answer.result_int(), 403u);
  subscriber own{endpoint, "", with(http::field::origin, "http://localhost")};
  CAF_CHECK(!own.refused);
}

CAF_TEST(a query that makes no sense is refused) {
  start();
  for (const char* query : {"?since=x", "?since=-1", "?file=x", "?file="}) {
    subscriber s{endpoint, query};
    CAF_CHECK_EQUAL(s.answer.result_int(), 400u);
  }
}

CAF_TEST(a plain request is told to upgrade) {
  start();
  http_client plain{server->address()};
  const auto a = plain.ask("GET", "/v1/events");
  CAF_CHECK_EQUAL(a.status, 426);
  CAF_CHECK_EQUAL(a.field("upgrade"), "websocket");
  CAF_CHECK_EQUAL(code_of(json::parse(a.body)), "upgrade_required");
}

CAF_TEST(a stopping server says that it goes away) {
  start();
  subscriber s{endpoint};
  CAF_CHECK_EQUAL(type_of(s.next()), "hello");
  auto stopping = std::async(std::launch::async, [&] { server->stop(); });
  CAF_CHECK(s.next().is_null());
  CAF_CHECK_EQUAL(s.close_code(), 1001u);
  stopping.get();
}

CAF_TEST(a server stops in time although a client takes nothing) {
  start_with(8);
  subscriber s{endpoint, "?since=0"};
  CAF_CHECK_EQUAL(type_of(s.next()), "hello");
  notices(4'000, std::string(2'000, 'x'));
  const auto begin = std::chrono::steady_clock::now();
  stop();
  CAF_CHECK(std::chrono::steady_clock::now() - begin < 10s);
}

CAF_TEST(a client that leaves takes its actor along) {
  start();
  {
    subscriber s{endpoint};
    CAF_CHECK_EQUAL(type_of(s.next()), "hello");
  }
  wait_for_end_of_session();
}

CAF_TEST(a client that closes in due form is answered) {
  start();
  subscriber s{endpoint};
  CAF_CHECK_EQUAL(type_of(s.next()), "hello");
  boost::system::error_code failed;
  s.ws.close(boost::beast::websocket::close_code::normal, failed);
  CAF_CHECK(!failed);
}

CAF_TEST(a close frame whose code may not be sent is answered as a protocol error) {
  start();
  for (const unsigned code : {0U, 1U, 999U, 1004U, 1005U, 1006U, 1015U, 1016U, 1100U, 2000U, 2999U,
                              5000U, 5001U, 32'768U, 65'535U}) {
    subscriber s{endpoint};
    CAF_CHECK_EQUAL(type_of(s.next()), "hello");
    send_close(s, code);
    CAF_CHECK(s.next().is_null());
    CAF_MESSAGE("code " << code);
    CAF_CHECK_EQUAL(s.close_code(), 1002U);
  }
}

CAF_TEST(a close frame whose code may be sent is answered in kind) {
  start();
  for (const unsigned code : {1000U, 1001U, 1003U, 1007U, 1011U, 3000U, 3999U, 4000U, 4999U}) {
    subscriber s{endpoint};
    CAF_CHECK_EQUAL(type_of(s.next()), "hello");
    send_close(s, code);
    CAF_CHECK(s.next().is_null());
    CAF_CHECK_EQUAL(s.close_code(), code);
  }
}

CAF_TEST(a stopping server and a wrong close code at once end the connection) {
  start();
  subscriber s{endpoint};
  CAF_CHECK_EQUAL(type_of(s.next()), "hello");
  auto stopping = std::async(std::launch::async, [&] { server->stop(); });
  send_close(s, 5'000);
  CAF_CHECK(s.next().is_null());
  CAF_CHECK(s.close_code() == 1001U || s.close_code() == 1002U);
  stopping.get();
}

CAF_TEST(a quiet client is pinged) {
  start_with(8, 30s, 20ms);
  subscriber s{endpoint};
  int pings = 0;
  s.ws.control_callback([&](boost::beast::websocket::frame_type kind, boost::beast::string_view) {
    // The fifth: it took part longer than a silent client may.
    if (kind == boost::beast::websocket::frame_type::ping && ++pings == 5)
      notice("enough");
  });
  CAF_CHECK_EQUAL(type_of(s.next()), "hello");
  CAF_CHECK_EQUAL(type_of(s.next()), "notice");
  CAF_CHECK(pings >= 5);
}

CAF_TEST(a client that is silent for three pings is dropped) {
  start_with(8, 30s, 20ms);
  subscriber s{endpoint}; // answers pings only while it reads
  wait_for_end_of_session();
}

CAF_TEST_FIXTURE_SCOPE_END()
