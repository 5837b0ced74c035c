#include "net/events/websocket.hpp"

#include "base/log.hpp"
#include "net/events/messages.hpp"
#include "net/io/outflow.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/buffers_to_string.hpp>

namespace mediad::net::events {
namespace {

namespace websocket = beast::websocket;
using clock = websocket_link::clock;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr int max_silent_intervals = 3;

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

asio::awaitable<void> read_messages(shared_link l, std::shared_ptr<event_stream> stream) {
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

asio::awaitable<bool> send_frame(const shared_link& l, const frame& f,
                                 std::chrono::milliseconds time) {
  const time_limit limit{l, time};
  const auto [failed, size] = co_await l->ws.async_write(asio::buffer(f.text), as_result);
  co_return !failed;
}

asio::awaitable<bool> send_ping(const shared_link& l, std::chrono::milliseconds time) {
  const time_limit limit{l, time};
  const websocket::ping_data nothing;
  const auto [failed] = co_await l->ws.async_ping(nothing, as_result);
  co_return !failed;
}

asio::awaitable<ending> write_frames(const shared_link& l, event_stream& stream,
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

asio::awaitable<void> end(const shared_link& l, ending how) {
  using code = websocket::close_code;
  switch (how) {
  case ending::stopping: co_await close_websocket(l, code::going_away); break;
  case ending::stalled: co_await close_websocket(l, code::try_again_later); break;
  case ending::broken_log: co_await close_websocket(l, code::internal_error); break;
  case ending::silent:
  case ending::gone: break;
  }
}

// --- the connection

// When the writer ends, close socket and session, so that the reader's wait ends, too.
struct ended_with_the_writer {
  const shared_link& l;
  const std::shared_ptr<session>& subscriber;

  ~ended_with_the_writer() {
    l->drop();
    subscriber->close();
  }
};

asio::awaitable<void> write_until_the_end(const shared_link& l,
                                          const std::shared_ptr<event_stream>& stream,
                                          stop_signal& stopping) {
  const ended_with_the_writer reader{l, stream->session};
  const auto how = co_await write_frames(l, *stream, stopping);
  co_await end(l, how);
}

} // namespace

asio::awaitable<void> stream_events(exchange& x, shared_link l,
                                    std::shared_ptr<event_stream> stream) {
  const auto executor = co_await asio::this_coro::executor;
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

asio::awaitable<void> serve_websocket(exchange& x, std::shared_ptr<event_stream> stream) {
  const auto l = co_await accept_websocket(x);
  if (l)
    co_await stream_events(x, l, std::move(stream));
}

} // namespace mediad::net::events
