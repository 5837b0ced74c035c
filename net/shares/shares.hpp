#pragma once

#include "net/http/exchange.hpp"

/// Shares, for those who make them: a person who has just given the password, or a program with the
/// right `share` that may do itself what the guests may.
namespace mediad::net::shares {

/// `GET /v1/shares`: the caller's own, without their links.
asio::awaitable<void> list_shares(exchange& x);
/// `POST /v1/shares`: 201 with the share and its `url`, which nobody sees again.
asio::awaitable<void> make_share(exchange& x);
/// `GET /v1/shares/{id}`.
asio::awaitable<void> send_own_share(exchange& x);
/// `PATCH /v1/shares/{id}`: any of `name`, `allow`, `expires_at`, `password`, `originals`,
/// `limits`.
asio::awaitable<void> change_share(exchange& x);
/// `DELETE /v1/shares/{id}`: what its guests do ends within a second.
asio::awaitable<void> end_share(exchange& x);

} // namespace mediad::net::shares
