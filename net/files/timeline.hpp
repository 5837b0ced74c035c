#pragma once

#include "net/http/exchange.hpp"

/// Files by the months in which they were taken, for grids of very many.
namespace mediad::net {

/// `GET /v1/timeline`: how many files each month has.
asio::awaitable<void> send_months(exchange& x);

/// `GET /v1/timeline/{month}`: what a grid shows of each, in columns.
asio::awaitable<void> send_month(exchange& x);

} // namespace mediad::net
