#pragma once

#include "net/http/exchange.hpp"

/// What people did, for admins.
namespace mediad::net::people {

/// `GET /v1/audit?limit=&cursor=`: the newest first.
asio::awaitable<void> list_audit(exchange& x);

} // namespace mediad::net::people
