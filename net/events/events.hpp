#pragma once

#include "net/http/exchange.hpp"

namespace mediad::net::events {

/// `GET /v1/events`: the history and the present of a user's files, as a WebSocket or, for those
/// that accept `text/event-stream`, as server-sent events; 426 for others. `?since=` or
/// `Last-Event-ID` begins after that event, `?file=` (several allowed) names what is wanted.
/// A caller that is not known yet has asked for a WebSocket, and must show a token by its first
/// frame. Returns when the client leaves, stalls, or the server stops; no other request can follow
/// on the connection.
asio::awaitable<void> serve(exchange& x);

} // namespace mediad::net::events
