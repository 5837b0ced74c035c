#pragma once

#include "net/http/exchange.hpp"

/// Upload tickets, for pages and people that have no account here.
namespace mediad::net::people {

/// `POST /v1/tickets` `{"max_bytes","profiles","expires_in"}`: 201 with `{"ticket","expires_at"}`.
asio::awaitable<void> make_ticket(exchange& x);

} // namespace mediad::net::people
