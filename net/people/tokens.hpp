#pragma once

#include "net/http/exchange.hpp"

/// Tokens: what programs show instead of a password. Only a person makes them, with no more rights
/// than the own ones.
namespace mediad::net::people {

/// `GET /v1/tokens`: the caller's own, without their secrets.
asio::awaitable<void> list_tokens(exchange& x);
/// `POST /v1/tokens` `{"name","scopes","expires_at"}`: 201 with the token, shown this once.
asio::awaitable<void> make_token(exchange& x);
/// `DELETE /v1/tokens/{id}`: what goes on by it ends within a second.
asio::awaitable<void> end_token(exchange& x);

} // namespace mediad::net::people
