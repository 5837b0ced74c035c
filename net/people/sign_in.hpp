#pragma once

#include "net/http/exchange.hpp"

/// How a person shows who it is: by name and password, or once by a link; and by a code, if the
/// person has a second factor.
namespace mediad::net::people {

/// `POST /v1/session` `{"name","password"}`, or `{"link"}`, with `"code"`: 204 with the cookie.
/// Signing in again gives a new session for the old one. 401 for a wrong pair, in the same time and
/// words whether there is such a user or not, and if all is right but the code; 429 with
/// `Retry-After` for a client that guesses.
asio::awaitable<void> sign_in(exchange& x);

} // namespace mediad::net::people
