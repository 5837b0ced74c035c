#pragma once

#include "net/http/exchange.hpp"

/// Upload tickets, for pages and people that have no account here.
namespace mediad::net::people {

/// `POST /v1/tickets` `{"max_bytes","profiles","expires_in"}`: 201 with
/// `{"id","ticket","expires_at"}`.
asio::awaitable<void> make_ticket(exchange& x);
/// `DELETE /v1/tickets/{id}`: 204, also if there was none: nobody knows those that were not used.
/// What goes on by it ends within a second.
asio::awaitable<void> end_ticket(exchange& x);

} // namespace mediad::net::people
