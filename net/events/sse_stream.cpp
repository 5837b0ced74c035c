#include "net/events/sse_stream.hpp"

#include "base/log.hpp"
#include "net/events/sse.hpp"
#include "net/io/outflow.hpp"

#include <array>
#include <cstdio>

namespace mediad::net::events {
namespace {

constexpr std::chrono::milliseconds reconnect_after{2'000};

// The chunked coding of RFC 9112 section 7.1; a client of HTTP/1.0 reads until the connection ends.
std::string chunk(std::string_view bytes, bool chunked) {
  if (!chunked)
    return std::string{bytes};
  std::array<char, 24> size{};
  std::snprintf(size.data(), size.size(), "%zx\r\n", bytes.size());
  return size.data() + std::string{bytes} + "\r\n";
}

// A stream that is idle would learn only from its next ping that the client has left.
void watch_peer(client_stream& stream, const std::shared_ptr<session>& subscriber,
                const std::shared_ptr<bool>& left) {
  auto look = [&stream, subscriber, left](boost::system::error_code stopped) {
    if (stopped)
      return; // by us, before the stream closed
    // A client that sends something has not left; what it sends is never read.
    *left = stream.has_left();
    if (*left)
      return subscriber->wake();
    if (stream.is_secure() && !stream.has_bytes()) // what came was TLS's own
      watch_peer(stream, subscriber, left);
  };
  stream.socket().async_wait(asio::socket_base::wait_read, std::move(look));
}

asio::awaitable<bool> send_head(exchange& x, outflow& out, bool chunked) {
  auto a = x.make(http::status::ok);
  a.set(http::field::content_type, "text/event-stream");
  a.set(http::field::cache_control, "no-store");
  a.set("X-Accel-Buffering", "no"); // nginx would hold events back
  if (chunked)
    a.set(http::field::transfer_encoding, "chunked");
  x.must_close();
  const auto head = x.begin(a.base());
  co_return co_await out.send(head);
}

// Ends with true if the stream may be ended in due form.
asio::awaitable<bool> send_events(exchange& x, event_stream& stream, outflow& out, bool chunked) {
  const auto left = std::make_shared<bool>(false);
  watch_peer(x.stream(), stream.session, left);
  auto hello = chunk(sse_retry(reconnect_after), chunked);
  if (!co_await out.send(hello))
    co_return false;
  const auto every = x.options().ping_interval;
  while (!*left && !x.stopping().raised()) {
    const auto next = co_await stream.session->next(stream.log, session::clock::now() + every);
    if (!next) {
      log::error("events", next.error());
      co_return false;
    }
    if (!*next && (*left || x.stopping().raised()))
      break;
    const auto bytes = chunk(*next ? sse_event(**next) : sse_ping(), chunked);
    if (!co_await out.send(bytes))
      co_return false;
  }
  co_return !*left;
}

} // namespace

asio::awaitable<void> serve_sse(exchange& x, std::shared_ptr<event_stream> stream) {
  bound_send_buffer(x.stream());
  outflow out{x.stream(), x.options().body_timeout};
  const bool chunked = x.request().version() >= 11;
  bool sound = co_await send_head(x, out, chunked);
  if (sound && !x.head_only()) {
    const auto watch = x.stopping().on_stop([subscriber = stream->session] { subscriber->wake(); });
    sound = co_await send_events(x, *stream, out, chunked);
    boost::system::error_code ignored;
    x.stream().socket().cancel(ignored); // the peer's watch
    if (sound && chunked)
      sound = co_await out.send("0\r\n\r\n");
  }
  if (!sound)
    x.set_broken();
}

} // namespace mediad::net::events
