#pragma once

#include "net/http/exchange.hpp"

namespace mediad::net::people {

/// `PUT /v1/password` `{"old","new"}`: ends all sessions of the user; this one gets a new cookie.
/// Within 15 minutes of signing in by a link `old` is not needed.
asio::awaitable<void> change_password(exchange& x);

} // namespace mediad::net::people
