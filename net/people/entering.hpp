#pragma once

#include "net/http/exchange.hpp"

#include <string>

/// What all ways to sign in share.
namespace mediad::net::people {

/// Makes a session of a user who has just shown enough.
/// @param by_link  by a link, and not by a password.
/// @returns the `Set-Cookie` line.
asio::awaitable<result<std::string>> begin_session(exchange& x, std::string user, bool by_link);

/// Answers 204 with the cookie, or why there is none.
asio::awaitable<void> send_signed_in(exchange& x, result<std::string> cookie);

} // namespace mediad::net::people
