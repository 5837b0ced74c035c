#pragma once

#include "net/http/exchange.hpp"

/// How a person shows who it is: by name and password, or once by a link.
namespace mediad::net::people {

/// `POST /v1/session` `{"name","password"}`, or `{"link"}`: 204 with the cookie. Signing in again
/// gives a new session for the old one. 401 for a wrong pair, in the same time and words whether
/// there is such a user or not; 429 with `Retry-After` for a client that guesses.
asio::awaitable<void> sign_in(exchange& x);

/// `PUT /v1/password` `{"old","new"}`: ends all sessions of the user; this one gets a new cookie.
/// Within 15 minutes of signing in by a link `old` is not needed.
asio::awaitable<void> change_password(exchange& x);

} // namespace mediad::net::people
