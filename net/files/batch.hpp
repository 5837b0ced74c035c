#pragma once

#include "net/http/exchange.hpp"

/// The same done to many files.
namespace mediad::net {

/// `POST /v1/files/batch`: each file has an outcome of its own, and an event of its own.
asio::awaitable<void> change_many(exchange& x);

} // namespace mediad::net
