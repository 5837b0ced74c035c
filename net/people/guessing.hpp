#pragma once

#include "base/audit.hpp"
#include "net/http/exchange.hpp"

#include <optional>
#include <string>

/// Passwords that clients try, of users and of shares.
namespace mediad::net::people {

/// A password that a client shows, and what it must be.
struct shown_password {
  std::string name;         ///< Wrong ones are counted by it and the client's address.
  std::string hash;         ///< As hash_password() makes it; empty: none is right.
  std::string password;     ///< What the client shows.
  bool may_be_right = true; ///< False: it is compared all the same, and is wrong.
  audit_act if_wrong = audit_act::sign_in_failed;
  std::string about{}; ///< As audit_log::note_refused wants it.
};

/// Compares a password with what it must be. A client that was wrong too often of late must wait,
/// and each wrong one is counted and noted.
/// @returns whether it is right; nothing if the answer has been sent (429).
asio::awaitable<std::optional<bool>> try_password(exchange& x, shown_password shown);

} // namespace mediad::net::people
