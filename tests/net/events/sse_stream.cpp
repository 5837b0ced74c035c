#define CAF_SUITE net_events_sse_stream

#include "net/events/sse_stream.hpp"

#include "tests/net/support/served.hpp"

#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <caf/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <istream>

using namespace mediad;
using namespace mediad::tests;
using namespace std::chrono_literals;

namespace {

namespace asio = boost::asio;

// A blocking client that shows what comes over the wire: HTTP/1.0 unless told otherwise, so that
// there is no chunking in it.
struct stream_client {
  asio::io_context io;
  asio::ip::tcp::socket socket{io};
  asio::streambuf buffer;
  boost::system::error_code ended;

  stream_client(asio::ip::tcp::endpoint to, const std::string& query,
                const std::string& fields = "", const std::string& version = "1.0") {
    socket.connect(to);
    asio::write(socket, asio::buffer("GET /v1/events" + query + " HTTP/" + version
                                     + "\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
                                     + fields + "\r\n"));
  }

  // The text up to @p end, which is taken away; all the rest if it never comes.
  std::string until(const std::string& end) {
    const auto size = asio::read_until(socket, buffer, end, ended);
    std::string text{asio::buffers_begin(buffer.data()), asio::buffers_end(buffer.data())};
    if (ended) {
      buffer.consume(buffer.size());
      return text;
    }
    buffer.consume(size);
    return text.substr(0, size - end.size());
  }

  std::string head() {
    return until("\r\n\r\n");
  }
  std::string block() {
    return until("\n\n");
  }
};

struct fixture : served {
  // Skips `retry:` and hello.
  static void skip_opening(stream_client& c) {
    c.head();
    c.block();
    c.block();
  }
};

std::string id_line_of(const std::string& block) {
  return block.substr(0, block.find('\n'));
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(sse_tests, fixture)

CAF_TEST(a stream opens with how to come back and hello) {
  notices(3);
  start();
  stream_client c{endpoint, ""};
  const auto head = c.head();
  CAF_CHECK(head.starts_with("HTTP/1.1 200 OK"));
  CAF_CHECK(head.find("Content-Type: text/event-stream") != std::string::npos);
  CAF_CHECK(head.find("Cache-Control: no-store") != std::string::npos);
  CAF_CHECK(head.find("Transfer-Encoding") == std::string::npos);
  CAF_CHECK_EQUAL(c.block(), "retry: 2000");
  CAF_CHECK_EQUAL(c.block(), R"(data: {"type":"hello","seq":3,"oldest":1})");
}

CAF_TEST(events come as data with their number as id) {
  start();
  stream_client c{endpoint, "?since=0"};
  skip_opening(c);
  notice("good morning");
  const auto block = c.block();
  CAF_CHECK_EQUAL(id_line_of(block), "id: 1");
  const auto data = block.substr(block.find('\n') + 1);
  CAF_REQUIRE(data.starts_with("data: "));
  const auto frame = nlohmann::json::parse(data.substr(6));
  CAF_CHECK_EQUAL(frame.at("type").get<std::string>(), "notice");
  CAF_CHECK_EQUAL(frame.at("seq").get<int>(), 1);
}

CAF_TEST(a client that comes back gets exactly what it missed) {
  start();
  notices(10);
  stream_client c{endpoint, "?since=0", "Last-Event-ID: 7\r\n"};
  skip_opening(c);
  notices(2);
  for (int seq = 8; seq <= 12; ++seq)
    CAF_CHECK_EQUAL(id_line_of(c.block()), "id: " + std::to_string(seq));
}

CAF_TEST(a client of HTTP 1_1 gets chunks and an end of them) {
  notices(1);
  start();
  stream_client c{endpoint, "?since=0", "", "1.1"};
  const auto head = c.head();
  CAF_CHECK(head.find("Transfer-Encoding: chunked") != std::string::npos);
  CAF_CHECK(head.find("Connection: close") != std::string::npos);
  CAF_CHECK_EQUAL(c.until("\r\n"), "d");
  CAF_CHECK_EQUAL(c.until("\r\n"), "retry: 2000\n\n");
  auto stopping = std::async(std::launch::async, [&] { server->stop(); });
  const auto rest = c.until("that never comes");
  CAF_CHECK(rest.ends_with("\r\n0\r\n\r\n"));
  stopping.get();
}

CAF_TEST(an idle stream carries comments) {
  auto s = quick();
  s.ping_interval = 20ms;
  start(s);
  stream_client c{endpoint, ""};
  skip_opening(c);
  CAF_CHECK_EQUAL(c.block(), ":");
  CAF_CHECK_EQUAL(c.block(), ":");
}

CAF_TEST(a client that leaves is noticed before the next ping) {
  auto s = quick();
  s.ping_interval = 1h;
  start(s);
  {
    stream_client c{endpoint, ""};
    skip_opening(c);
  }
  wait_for_end_of_session();
}

CAF_TEST(a client that takes nothing for the time limit is dropped) {
  auto s = quick();
  s.body_timeout = 200ms;
  start(s);
  stream_client c{endpoint, "?since=0"};
  skip_opening(c);
  notices(4'000, std::string(2'000, 'x'));
  wait_for_end_of_session();
}

CAF_TEST(a number that makes no sense is refused) {
  start();
  stream_client c{endpoint, "", "Last-Event-ID: x\r\n"};
  CAF_CHECK(c.head().starts_with("HTTP/1.1 400"));
}

CAF_TEST_FIXTURE_SCOPE_END()
