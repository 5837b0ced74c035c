#pragma once

#include "net/http/exchange.hpp"

namespace mediad::net {

/// Finds the route of a request and answers it.
asio::awaitable<void> handle(exchange& x);

} // namespace mediad::net
