#pragma once

#include "net/http/exchange.hpp"

/// Addresses of bytes that need nothing but themselves.
namespace mediad::net::people {

/// `POST /v1/files/{id}/sign` `{"of","expires_in"}`: 200 with `{"url","expires_at"}`. It needs the
/// right to read beside the right to share, so that no credential makes a stronger one; what a
/// token signs ends with the token.
asio::awaitable<void> sign_part(exchange& x);

} // namespace mediad::net::people
