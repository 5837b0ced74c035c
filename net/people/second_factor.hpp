#pragma once

#include "base/account.hpp"
#include "net/http/exchange.hpp"
#include "net/http/problems.hpp"

#include <string>

/// Codes beside the password (base/totp). Each person may have them; settings::admins_need_totp
/// has admins do nothing as such without.
namespace mediad::net::people {

/// When somebody signs in; 403 elsewhere.
inline constexpr problem wrong_code{401, "wrong_code", "The code is wrong, or was used before."};
inline constexpr problem second_factor_needed{
  403, "second_factor_needed",
  "This server asks admins for a second factor: set one up in your account first."};

/// `GET /v1/totp`: whether the caller has a second factor, and needs one.
asio::awaitable<void> send_second_factor(exchange& x);
/// `POST /v1/totp`: 200 with a new secret, of which nothing is kept yet.
asio::awaitable<void> propose_second_factor(exchange& x);
/// `PUT /v1/totp` `{"secret","code"}`: from now on signing in needs a code; 200 with the recovery
/// codes, shown this once.
asio::awaitable<void> turn_second_factor_on(exchange& x);
/// `POST /v1/totp/disable` `{"code"}`: 204; the password is enough from now on.
asio::awaitable<void> turn_second_factor_off(exchange& x);

/// Takes a code of the user's authenticator, or a recovery code, which counts no more then.
/// @returns errc::conflict if it is wrong or was used before; the errors of the storage.
asio::awaitable<result<>> use_code(exchange& x, user_row user, std::string code);

/// The caller is an admin who must set up a second factor before that counts.
bool lacks_second_factor(const exchange& x, const caller& who);

} // namespace mediad::net::people
