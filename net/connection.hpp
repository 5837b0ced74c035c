#pragma once

#include "net/http/exchange.hpp"

namespace mediad::net {

/// Serves one connection: its requests one after another, until one of both sides ends it. Every
/// wait for the client has a limit.
asio::awaitable<void> serve_connection(wire& w);

} // namespace mediad::net
