#include "net/events/websocket.hpp"

#include "base/log.hpp"
#include "net/events/messages.hpp"
#include "net/io/outflow.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/websocket/stream.hpp>

namespace mediad::net::events {
namespace {

namespace websocket = beast::websocket;
using clock = session::clock;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr const char* subprotocol = "mediad.events.v1";
constexpr std::size_t max_message_bytes = 4 * 1024;
constexpr std::chrono::milliseconds closing_time{
  5'000}; // for the peer's half of the closing handshake
constexpr int max_silent_intervals = 3;
constexpr std::uint16_t first_invalid_code = 5'000; ///< Close codes 4000..4999 are private.

/// One WebSocket, shared by the coroutine that writes and the one that reads.
struct link : std::enable_shared_from_this<link> {
  explicit link(client_stream s)
    : ws{std::move(s)},
      limit{ws.get_executor()},
      grace{ws.get_executor()},
      reader_gone{ws.get_executor()} {}

  /// Answers a close frame by 1002 if its code may not be sent (RFC 6455 section 7.4.2). Beast
  /// does so itself for all but those from 5000 on. Called while it reads the frame: what begins
  /// here comes before the answer that it would give.
  void check_close_code() {
    if (closing || ws.reason().code < first_invalid_code)
      return;
    closing = true;
    ws.async_close(websocket::close_code::protocol_error,
                   [kept = shared_from_this()](const boost::system::error_code&) {});
  }

  void drop() {
    ws.next_layer().close();
  }

  websocket::stream<client_stream, false> ws;
  clock::time_point heard = clock::now(); ///< When the peer last showed life.
  bool reading = true;
  bool closing = false;     ///< A close frame of ours is on its way or was sent.
  asio::steady_timer limit; ///< Cuts the one write under way.
  asio::steady_timer grace; ///< Until the stopping server lets go of the connection.
  asio::steady_timer reader_gone;
};

/// Drops the connection unless it goes out of scope in time.
class time_limit {
public:
  time_limit(const std::shared_ptr<link>& l, std::chrono::milliseconds time) : link_{*l} {
    link_.limit.expires_after(time);
    link_.limit.async_wait([l](boost::system::error_code in_time) {
      if (!in_time)
        l->drop();
    });
  }
  time_limit(const time_limit&) = delete;
  time_limit& operator=(const time_limit&) = delete;
  ~time_limit() {
    link_.limit.cancel();
  }

private:
  link& link_;
};

// --- what the client says

asio::awaitable<std::string> change_interest(event_stream& stream, const client_message& message) {
  if (const auto seen = stream.check_file(message.file); !seen)
    co_return error_frame(seen.error().code);
  const auto filter = message.says == client_message::kind::subscribe
                        ? stream.session->subscribe(message.file)
                        : stream.session->unsubscribe(message.file);
  if (!filter)
    co_return error_frame(filter.error().code);
  const auto subscribed = co_await stream.subscribe(*filter);
  if (subscribed)
    co_return std::string{};
  log::error("events", subscribed.error());
  co_return error_frame(subscribed.error().code);
}

// The frame to answer with; empty: none.
asio::awaitable<std::string> hear(event_stream& stream, std::string text, bool is_text) {
  if (!is_text)
    co_return error_frame(errc::bad_request);
  const auto message = parse_client_message(text);
  if (!message)
    co_return error_frame(message.error().code);
  if (message->says == client_message::kind::ping)
    co_return pong_frame();
  co_return co_await change_interest(stream, *message);
}

asio::awaitable<void> read_messages(std::shared_ptr<link> l, std::shared_ptr<event_stream> stream) {
  beast::flat_buffer message;
  for (;;) {
    // Beast itself answers a close, a message over the limit (1009) and one that is no UTF-8
    // (1007).
    const auto [failed, size] = co_await l->ws.async_read(message, as_result);
    if (failed)
      break;
    l->heard = clock::now();
    auto reply = co_await hear(*stream, beast::buffers_to_string(message.data()), l->ws.got_text());
    message.consume(message.size());
    if (!reply.empty())
      co_await stream->session->reply(std::move(reply));
  }
  l->reading = false;
  l->reader_gone.cancel();
  stream->session->wake();
}

// --- what the client hears

enum class ending { gone, stalled, silent, stopping, broken_log };

asio::awaitable<bool> send_frame(const std::shared_ptr<link>& l, const frame& f,
                                 std::chrono::milliseconds time) {
  const time_limit limit{l, time};
  const auto [failed, size] = co_await l->ws.async_write(asio::buffer(f.text), as_result);
  co_return !failed;
}

asio::awaitable<bool> send_ping(const std::shared_ptr<link>& l, std::chrono::milliseconds time) {
  const time_limit limit{l, time};
  const websocket::ping_data nothing;
  const auto [failed] = co_await l->ws.async_ping(nothing, as_result);
  co_return !failed;
}

asio::awaitable<ending> write_frames(const std::shared_ptr<link>& l, event_stream& stream,
                                     stop_signal& stopping) {
  const auto& options = stream.shared.options;
  outflow out{l->ws.next_layer(), options.body_timeout};
  auto next_ping = clock::now() + options.ping_interval;
  while (l->reading) {
    const auto now = clock::now();
    if (stopping.raised())
      co_return ending::stopping;
    if (now - l->heard > max_silent_intervals * options.ping_interval)
      co_return ending::silent;
    if (now >= next_ping) {
      next_ping = now + options.ping_interval;
      if (!co_await send_ping(l, options.body_timeout))
        co_return ending::gone;
    }
    const auto next = co_await stream.session->next(stream.log, next_ping);
    if (!next) {
      log::error("events", next.error());
      co_return ending::broken_log;
    }
    if (!*next)
      continue;
    // Between two frames a close frame still finds room in the kernel's buffer; within one it
    // does not.
    if (!co_await out.writable())
      co_return ending::stalled;
    if (!co_await send_frame(l, **next, options.body_timeout))
      co_return ending::gone;
  }
  co_return ending::gone;
}

asio::awaitable<void> close(const std::shared_ptr<link>& l, websocket::close_code code) {
  if (std::exchange(l->closing, true))
    co_return;
  const time_limit limit{l, closing_time};
  const websocket::close_reason reason{code};
  co_await l->ws.async_close(reason, as_result);
}

asio::awaitable<void> end(const std::shared_ptr<link>& l, ending how) {
  using code = websocket::close_code;
  switch (how) {
  case ending::stopping: co_await close(l, code::going_away); break;
  case ending::stalled: co_await close(l, code::try_again_later); break;
  case ending::broken_log: co_await close(l, code::internal_error); break;
  case ending::silent:
  case ending::gone: break;
  }
}

// --- the connection

bool offers_subprotocol(const exchange& x) {
  const auto offered = x.field("Sec-WebSocket-Protocol");
  return offered && http::token_list{*offered}.exists(subprotocol);
}

void configure(link& l, bool name_subprotocol) {
  l.ws.read_message_max(max_message_bytes);
  l.ws.auto_fragment(false);
  l.ws.text(true);
  l.ws.control_callback([&l](websocket::frame_type kind, beast::string_view) {
    l.heard = clock::now();
    if (kind == websocket::frame_type::close)
      l.check_close_code();
  });
  l.ws.set_option(websocket::stream_base::decorator([=](websocket::response_type& r) {
    r.set(http::field::server, "mediad");
    if (name_subprotocol)
      r.set(http::field::sec_websocket_protocol, subprotocol);
  }));
}

// When the writer ends, close socket and session, so that the reader's wait ends, too.
struct ended_with_the_writer {
  const std::shared_ptr<link>& l;
  const std::shared_ptr<session>& subscriber;

  ~ended_with_the_writer() {
    l->drop();
    subscriber->close();
  }
};

asio::awaitable<void> write_until_the_end(const std::shared_ptr<link>& l,
                                          const std::shared_ptr<event_stream>& stream,
                                          stop_signal& stopping) {
  const ended_with_the_writer reader{l, stream->session};
  const auto how = co_await write_frames(l, *stream, stopping);
  co_await end(l, how);
}

asio::awaitable<bool> accept(exchange& x, const std::shared_ptr<link>& l) {
  // Beast writes this answer itself; the exchange must know of it, and that nothing follows.
  x.must_close();
  static_cast<void>(x.begin(answer{http::status::switching_protocols, 11}.base()));
  x.set_broken();
  const time_limit limit{l, x.options().header_timeout};
  const auto [failed] = co_await l->ws.async_accept(x.request(), as_result);
  co_return !failed;
}

} // namespace

asio::awaitable<void> serve_websocket(exchange& x, std::shared_ptr<event_stream> stream) {
  if (x.buffer().size() > 0) // frames before the handshake (RFC 6455 section 4.1)
    co_return co_await x.send_problem(problem_of(errc::bad_request), "sent before the upgrade");
  const auto executor = co_await asio::this_coro::executor;
  auto l = std::make_shared<link>(x.stream().take());
  bound_send_buffer(l->ws.next_layer());
  configure(*l, offers_subprotocol(x));
  x.ends_by([l] { l->drop(); });
  if (!co_await accept(x, l))
    co_return;
  // A write to a client that takes nothing cannot be cancelled: its socket can.
  const auto watch =
    x.stopping().on_stop([l, subscriber = stream->session, &options = x.options()] {
      subscriber->wake();
      l->grace.expires_after(options.grace);
      l->grace.async_wait([weak = std::weak_ptr{l}](boost::system::error_code stopped) {
        if (auto late = weak.lock(); late && !stopped)
          late->drop();
      });
    });
  asio::co_spawn(executor, read_messages(l, stream), asio::detached);
  co_await write_until_the_end(l, stream, x.stopping());
  while (l->reading) {
    l->reader_gone.expires_at(clock::time_point::max());
    co_await l->reader_gone.async_wait(as_result);
  }
}

} // namespace mediad::net::events
