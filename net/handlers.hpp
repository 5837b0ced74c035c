#pragma once

#include "net/http/exchange.hpp"

namespace mediad::net {

/// Adds the fields that every answer to this request carries, even one that refuses it.
void prepare_answer(exchange& x);

/// Finds the route of a request and answers it.
asio::awaitable<void> handle(exchange& x);

} // namespace mediad::net
