#pragma once

#include "net/http/exchange.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <chrono>
#include <memory>
#include <string_view>

namespace mediad::net::events {

/// One WebSocket, shared by the coroutines of its connection: one writes, one reads.
struct websocket_link : std::enable_shared_from_this<websocket_link> {
  using clock = std::chrono::steady_clock;

  explicit websocket_link(client_stream s);

  /// Answers a close frame by 1002 if its code may not be sent (RFC 6455 section 7.4.2). Beast
  /// does so itself for all but those from 5000 on. Called while it reads the frame: what begins
  /// here comes before the answer that it would give.
  void check_close_code();

  /// Cuts the connection.
  void drop() {
    ws.next_layer().close();
  }

  beast::websocket::stream<client_stream, false> ws;
  clock::time_point heard = clock::now(); ///< When the peer last showed life.
  bool reading = true;
  bool closing = false;     ///< A close frame of ours is on its way or was sent.
  asio::steady_timer limit; ///< Cuts the one write under way.
  asio::steady_timer grace; ///< Until the stopping server lets go of the connection.
  asio::steady_timer reader_gone;
};

using shared_link = std::shared_ptr<websocket_link>;

/// Drops the connection unless it goes out of scope in time.
class time_limit {
public:
  time_limit(const shared_link& l, std::chrono::milliseconds time);
  time_limit(const time_limit&) = delete;
  time_limit& operator=(const time_limit&) = delete;
  ~time_limit() {
    link_.limit.cancel();
  }

private:
  websocket_link& link_;
};

/// Takes the socket away from the exchange and answers the upgrade.
/// @returns null if no WebSocket comes of it; the client has its answer then, or is gone.
asio::awaitable<shared_link> accept_websocket(exchange& x);

/// Sends a close frame and waits some seconds for the peer's. Does nothing if one was sent before.
/// @param reason  at most 123 bytes of UTF-8 (RFC 6455 section 5.5.1).
asio::awaitable<void> close_websocket(shared_link l, beast::websocket::close_code code,
                                      std::string_view reason = {});

} // namespace mediad::net::events
