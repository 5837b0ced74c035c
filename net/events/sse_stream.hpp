#pragma once

#include "net/events/event_stream.hpp"
#include "net/http/exchange.hpp"

#include <memory>

namespace mediad::net::events {

/// Streams a session as server-sent events until the client leaves or stalls, or the server stops.
asio::awaitable<void> serve_sse(exchange& x, std::shared_ptr<event_stream> stream);

} // namespace mediad::net::events
