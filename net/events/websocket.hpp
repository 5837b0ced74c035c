#pragma once

#include "net/events/event_stream.hpp"
#include "net/events/websocket_link.hpp"
#include "net/http/exchange.hpp"

#include <memory>

namespace mediad::net::events {

/// Answers the upgrade and streams a session as text frames until the client leaves or stalls
/// (1013), falls silent, or the server stops (1001). Takes the socket away from the exchange.
asio::awaitable<void> serve_websocket(exchange& x, std::shared_ptr<event_stream> stream);

/// The same once the upgrade has been answered.
asio::awaitable<void> stream_events(exchange& x, shared_link l,
                                    std::shared_ptr<event_stream> stream);

} // namespace mediad::net::events
