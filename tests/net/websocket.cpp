#define CAF_SUITE net_websocket

#include "net/websocket.hpp"

#include "tests/net/http_client.hpp"
#include "tests/net/served.hpp"
#include "tests/net/subscriber.hpp"

#include <caf/test/unit_test.hpp>

using namespace mediad;
using namespace mediad::tests;
using namespace std::chrono_literals;

namespace {

namespace http = boost::beast::http;
using json = nlohmann::json;

struct fixture : served {
  void start_with(std::size_t outbox_events, std::chrono::milliseconds body_timeout = 30s,
                  std::chrono::milliseconds ping_interval = 20s) {
    auto s = quick();
    s.outbox_events = outbox_events;
    s.body_timeout = body_timeout;
    s.ping_interval = ping_interval;
    start(s);
  }
};

auto with(http::field name, std::string value) {
  return [name, value = std::move(value)](subscriber::request& r) {
    r.set(name, value);
  };
}

// By value: CAF's check macros keep references, which must not lead into a frame that is gone.
std::string type_of(const json& frame) {
  return frame.is_null() ? "end" : frame.at("type").get<std::string>();
}

std::uint64_t number(const json& frame, const char* name) {
  return frame.at(name).get<std::uint64_t>();
}

std::string file_of(const json& frame) {
  return frame.at("file").at("id").get<std::string>();
}

std::string code_of(const json& frame) {
  return frame.at("code").get<std::string>();
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(websocket_tests, fixture)

CAF_TEST(the first frame says hello and only what comes after it follows) {
  notices(5);
  start();
  subscriber s{endpoint};
  const auto hello = s.next();
  CAF_CHECK_EQUAL(type_of(hello), "hello");
  CAF_CHECK_EQUAL(number(hello, "seq"), 5u);
  CAF_CHECK_EQUAL(number(hello, "oldest"), 1u);
  notices(2);
  CAF_CHECK_EQUAL(s.seqs_until(7), numbers(6, 7));
}

CAF_TEST(an empty history begins at zero) {
  start();
  subscriber s{endpoint, "?since=0"};
  CAF_CHECK_EQUAL(number(s.next(), "seq"), 0u);
  notices(1);
  CAF_CHECK_EQUAL(number(s.next(), "seq"), 1u);
}

CAF_TEST(what was is replayed and what comes follows without a seam) {
  notices(1'000);
  start();
  subscriber s{endpoint, "?since=0"};
  CAF_CHECK_EQUAL(type_of(s.next()), "hello");
  notices(500);
  CAF_CHECK_EQUAL(s.seqs_until(1'500), numbers(1, 1'500));
}

CAF_TEST(a client that comes back gets exactly what it missed) {
  start();
  std::vector<std::uint64_t> heard;
  {
    subscriber s{endpoint, "?since=0"};
    notices(10);
    heard = s.seqs_until(7);
    s.ws.next_layer().close();
  }
  notices(10);
  subscriber back{endpoint, "?since=" + std::to_string(heard.back())};
  notices(5);
  const auto rest = back.seqs_until(25);
  heard.insert(heard.end(), rest.begin(), rest.end());
  CAF_CHECK_EQUAL(heard, numbers(1, 25));
}

CAF_TEST(a client that does not read loses nothing and gets nothing twice) {
  start_with(8);
  subscriber s{endpoint, "?since=0"};
  CAF_CHECK_EQUAL(type_of(s.next()), "hello");
  notices(3'000, std::string(2'000, 'x'));
  CAF_CHECK_EQUAL(s.seqs_until(3'000), numbers(1, 3'000));
}

CAF_TEST(a client that takes nothing for the time limit is told to come back) {
  start_with(8, 200ms);
  subscriber s{endpoint, "?since=0"};
  CAF_CHECK_EQUAL(type_of(s.next()), "hello");
  notices(4'000, std::string(2'000, 'x'));
  wait_for_end_of_session();
  while (!s.next().is_null()) {
  }
  CAF_CHECK_EQUAL(s.close_code(), 1013u);
}

CAF_TEST(who was away longer than the log reaches is told of the gap) {
  settings.keep_events = 10;
  open();
  notices(100);
  start();
  const auto log = reader().events().value();
  CAF_REQUIRE(log.oldest > 2);
  subscriber s{endpoint, "?since=1"};
  CAF_CHECK_EQUAL(number(s.next(), "oldest"), log.oldest);
  CAF_CHECK_EQUAL(type_of(s.next()), "gap");
  CAF_CHECK_EQUAL(number(s.next(), "seq"), log.oldest);
  subscriber last{endpoint, "?since=" + std::to_string(log.oldest - 1)};
  CAF_CHECK_EQUAL(type_of(last.next()), "hello");
  CAF_CHECK_EQUAL(number(last.next(), "seq"), log.oldest);
}

CAF_TEST(a number that was never given out is a gap) {
  notices(3);
  start();
  subscriber s{endpoint, "?since=1000"};
  CAF_CHECK_EQUAL(number(s.next(), "seq"), 3u);
  CAF_CHECK_EQUAL(type_of(s.next()), "gap");
  notices(1);
  CAF_CHECK_EQUAL(number(s.next(), "seq"), 4u);
}

CAF_TEST(one file is heard of and nothing else in the past as in the present) {
  const auto mine = upload("ann", "a.jpg", "a");
  const auto other = upload("ann", "b.jpg", "b");
  start();
  subscriber s{endpoint, "?since=0&file=" + mine.id};
  CAF_CHECK_EQUAL(type_of(s.next()), "hello");
  CAF_CHECK_EQUAL(file_of(s.next()), mine.id);
  storage::transition t;
  for (const auto& id : {other.id, mine.id}) {
    t.id = id;
    happen({t});
  }
  const auto next = s.next();
  CAF_CHECK_EQUAL(file_of(next), mine.id);
  CAF_CHECK_EQUAL(type_of(next), "file.processing");
}

CAF_TEST(subscribing and unsubscribing take effect before the next answer) {
  const auto a = upload("ann", "a.jpg", "a");
  const auto b = upload("ann", "b.jpg", "b");
  start();
  subscriber s{endpoint, "?file=" + a.id};
  s.say(R"({"type":"subscribe","file":")" + b.id + R"("})");
  s.say(R"({"type":"unsubscribe","file":")" + a.id + R"("})");
  s.settle();
  storage::transition t;
  for (const auto& id : {a.id, b.id}) {
    t.id = id;
    happen({t});
  }
  const auto next = s.next();
  CAF_CHECK_EQUAL(file_of(next), b.id);
}

CAF_TEST(events of other users are heard by nobody else) {
  start();
  subscriber s{endpoint, "?since=0"};
  CAF_CHECK_EQUAL(type_of(s.next()), "hello");
  notice("for bob", "bob");
  notice("for all", "");
  CAF_CHECK_EQUAL(number(s.next(), "seq"), 2u);
}

CAF_TEST(live progress is passed on without a number) {
  start();
  subscriber s{endpoint};
  CAF_CHECK_EQUAL(type_of(s.next()), "hello");
  live_event e;
  e.type = "file.progress";
  e.user = "ann";
  e.file_id = "f";
  e.text = R"({"type":"file.progress","id":"f","stage":"compress","progress":0.5})";
  caf::anon_send(notifier, e);
  const auto frame = s.next();
  CAF_CHECK_EQUAL(type_of(frame), "file.progress");
  CAF_CHECK(!frame.contains("seq"));
}

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
