#pragma once

#include "base/error.hpp"

#include <cstddef>
#include <string>
#include <string_view>

/// Passwords of people, and secrets that this program makes.
namespace mediad {

inline constexpr std::size_t min_password_characters = 12;
inline constexpr std::size_t max_password_bytes = 128;

/// Whether a user may take this password: 12 characters to 128 bytes of UTF-8, of whatever kind,
/// but not one of the commonest (NIST SP 800-63B section 5.1.1.2).
/// @returns errc::bad_request with a sentence for the user.
result<> check_new_password(std::string_view password);

/// What is kept of a password: Argon2id (RFC 9106) with 64 MiB and three passes, in PHC string
/// form, about 100 bytes. Takes a tenth of a second of a processor and the memory for that long.
/// @returns errc::internal if the memory is not to be had.
result<std::string> hash_password(std::string_view password);

/// Whether @p hash was made of @p password. Takes as long as hash_password(), also for an empty
/// hash, which no password opens: the time does not tell whether a user has an account.
bool is_password_right(const std::string& hash, std::string_view password);

/// 256 random bits in base64url without padding, 43 characters.
std::string make_secret();

/// SHA-256, 32 bytes: what is kept of a secret of make_secret(), which cannot be guessed.
std::string digest_of_secret(std::string_view secret);

/// Compares in a time that does not depend on where two texts of one length differ.
bool are_equal_secrets(std::string_view a, std::string_view b);

} // namespace mediad
