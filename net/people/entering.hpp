#pragma once

#include "net/http/exchange.hpp"

#include <string>

/// What all ways to sign in share.
namespace mediad::net::people {

/// Counts a wrong secret: the next tries from that address wait longer.
/// @param guessed     name under which it counts.
/// @param known_name  of the user, for the audit; empty if there is none.
void count_wrong(exchange& x, const std::string& guessed, const std::string& known_name);

/// @returns false if the client must wait before it guesses again; it has been told.
asio::awaitable<bool> may_try(exchange& x, std::string guessed);

/// Makes a session of a user who has just shown enough.
/// @param by_link  by a link, and not by a password.
/// @returns the `Set-Cookie` line.
asio::awaitable<result<std::string>> begin_session(exchange& x, std::string user, bool by_link);

/// Answers 204 with the cookie, or why there is none.
asio::awaitable<void> send_signed_in(exchange& x, result<std::string> cookie);

} // namespace mediad::net::people
