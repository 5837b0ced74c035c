#pragma once

#include "net/http/exchange.hpp"

namespace mediad::net::people {

/// `POST /v1/users/{id}/link`: 201 with `{"url","expires_at"}`, by which the user signs in once. It
/// takes the place of one that was made before. Not for tokens, and with a password that was given
/// a moment ago.
asio::awaitable<void> make_link(exchange& x);

} // namespace mediad::net::people
