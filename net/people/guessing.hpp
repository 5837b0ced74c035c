#pragma once

#include "base/audit.hpp"
#include "net/http/exchange.hpp"

#include <optional>
#include <string>

/// Passwords, links and codes that clients try, of users and of shares.
namespace mediad::net::people {

/// A password that a client shows, and what it must be.
struct shown_password {
  std::string name;         ///< Wrong ones are counted by it and the client's address.
  std::string hash;         ///< As hash_password() makes it; empty: none is right.
  std::string password;     ///< What the client shows.
  bool may_be_right = true; ///< False: it is compared all the same, and is wrong.
  bool is_all = true;       ///< False: a code is to be shown as well before a guesser is believed.
  audit_act if_wrong = audit_act::sign_in_failed;
  std::string about{}; ///< As audit_log::note_refused wants it.
};

/// @param guessed  what is guessed: the name of a user, or one that no user can have.
/// @returns false if the client must wait before it guesses again; it has been told (429).
asio::awaitable<bool> may_try(exchange& x, std::string guessed);

/// Counts and notes a wrong secret: the next tries from that address wait longer.
/// @param about  as audit_log::note_refused wants it.
void count_wrong(exchange& x, const std::string& guessed, const std::string& about,
                 audit_act if_wrong = audit_act::sign_in_failed);

/// Forgets the wrong ones: all that had to be shown was right.
void count_right(exchange& x, const std::string& guessed);

/// Compares a password with what it must be. A client that was wrong too often of late must wait,
/// and each wrong one is counted and noted.
/// @returns whether it is right; nothing if the answer has been sent (429).
asio::awaitable<std::optional<bool>> try_password(exchange& x, shown_password shown);

} // namespace mediad::net::people
