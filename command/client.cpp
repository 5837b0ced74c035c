#include "command/client.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>

#include <charconv>

namespace mediad::command {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;
using tcp = asio::ip::tcp;

namespace {

// Far more than any answer to a sample can have.
constexpr std::size_t max_answer_bytes = 64U << 20U;

/// A connected socket whose operations end in time.
class timed_socket {
public:
  explicit timed_socket(std::chrono::milliseconds limit) : limit_{limit} {}

  void limit(std::chrono::milliseconds limit) {
    limit_ = limit;
  }

  /// Runs what @p start begins; it gets the handler to complete with.
  template <class Start>
  result<> finish(const char* what, Start start) {
    bool is_done = false;
    boost::system::error_code problem;
    start([&](boost::system::error_code e, auto&&...) {
      is_done = true;
      problem = e;
    });
    context.restart();
    context.run_for(limit_);
    if (!is_done) {
      boost::system::error_code ignored;
      socket().close(ignored);
      context.restart();
      context.run();
      return fail(errc::timeout, std::string{what} + " took too long");
    }
    if (problem)
      return fail(errc::storage_io, std::string{what} + ": " + problem.message());
    return {};
  }

  result<> connect(const std::string& address) {
    const auto colon = address.rfind(':');
    boost::system::error_code problem;
    auto host = address.substr(0, colon);
    if (!host.empty() && host.front() == '[')
      host = host.substr(1, host.size() - 2);
    const auto ip = asio::ip::make_address(host, problem);
    unsigned short port = 0;
    std::from_chars(address.data() + colon + 1, address.data() + address.size(), port);
    if (problem || port == 0)
      return fail(errc::bad_request, address + " is no address");
    const tcp::endpoint there{ip, port};
    return finish("connecting", [&](auto handler) { socket().async_connect(there, handler); });
  }

  tcp::socket& socket() {
    return stream.next_layer();
  }

  asio::io_context context;
  websocket::stream<tcp::socket> stream{context};

private:
  std::chrono::milliseconds limit_;
};

} // namespace

result<http_answer> request(const std::string& address, std::string_view method,
                            const std::string& target, std::string_view content_type,
                            std::string_view body, std::chrono::milliseconds limit) {
  timed_socket s{limit};
  if (auto ok = s.connect(address); !ok)
    return fail(ok.error());
  http::request<http::string_body> question{http::string_to_verb({method.data(), method.size()}),
                                            target, 11};
  question.set(http::field::host, address);
  question.set(http::field::connection, "close");
  if (!content_type.empty()) {
    question.set(http::field::content_type, {content_type.data(), content_type.size()});
    question.body() = body;
    question.prepare_payload();
  }
  auto sent =
    s.finish("sending", [&](auto handler) { http::async_write(s.socket(), question, handler); });
  if (!sent)
    return fail(sent.error());
  boost::beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(max_answer_bytes);
  parser.skip(question.method() == http::verb::head);
  auto read = s.finish(
    "the answer", [&](auto handler) { http::async_read(s.socket(), buffer, parser, handler); });
  if (!read)
    return fail(read.error());
  http_answer answer;
  answer.status = parser.get().result_int();
  answer.body = std::move(parser.get().body());
  return answer;
}

struct event_stream::parts : timed_socket {
  using timed_socket::timed_socket;
};

event_stream::event_stream(std::unique_ptr<parts> p) : parts_{std::move(p)} {}

event_stream::event_stream(event_stream&&) noexcept = default;
event_stream& event_stream::operator=(event_stream&&) noexcept = default;
event_stream::~event_stream() = default;

result<event_stream> event_stream::open(const std::string& address,
                                        std::chrono::milliseconds limit) {
  auto p = std::make_unique<parts>(limit);
  if (auto ok = p->connect(address); !ok)
    return fail(ok.error());
  p->stream.set_option(websocket::stream_base::decorator([](websocket::request_type& r) {
    r.set(http::field::sec_websocket_protocol, "mediad.events.v1");
  }));
  auto shaken = p->finish("the WebSocket handshake", [&](auto handler) {
    p->stream.async_handshake(address, "/v1/events", handler);
  });
  if (!shaken)
    return fail(shaken.error());
  return event_stream{std::move(p)};
}

result<std::string> event_stream::next(std::chrono::milliseconds limit) {
  parts_->limit(limit);
  boost::beast::flat_buffer frame;
  auto read = parts_->finish("the next event",
                             [&](auto handler) { parts_->stream.async_read(frame, handler); });
  if (!read)
    return fail(read.error());
  return std::string{static_cast<const char*>(frame.data().data()), frame.size()};
}

} // namespace mediad::command
