#pragma once

#include "base/clock.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// A second thing that a person shows beside the password: codes that change with time, by the
/// rules that all authenticator programs follow (RFC 6238: SHA-1, six digits, steps of 30 s), and
/// codes on paper for when the program is lost.
namespace mediad {

inline constexpr std::size_t totp_secret_bytes = 20; ///< RFC 4226 section 4, R6.
inline constexpr std::size_t recovery_codes = 10;    ///< Codes on paper that a person gets.

/// 160 random bits.
std::string make_totp_secret();

/// The code of a secret in a step, six digits.
/// @param step  number of intervals of 30 s since 1970.
std::string totp_code(std::string_view secret, std::uint64_t step);

/// The step whose code @p code is, out of the one of @p now and those right before and after it
/// (RFC 6238 section 5.2). Takes as long whichever it is.
/// @param last_used  only steps after this one count, as each code counts once.
std::optional<std::uint64_t> find_totp_step(std::string_view secret, std::string_view code,
                                            unix_ms now, std::uint64_t last_used);

/// RFC 4648 section 6, without padding, in capitals.
std::string to_base32(std::string_view bytes);
/// The inverse, of letters in any case; nothing for what to_base32() does not write.
std::optional<std::string> from_base32(std::string_view text);

/// As many codes as recovery_codes says, of 80 random bits each: `k7q2-…`, 19 characters.
std::vector<std::string> make_recovery_codes();

/// What is kept of such a code, 32 bytes; it can be typed in capitals, without hyphens, with
/// spaces.
std::string digest_of_recovery_code(std::string_view typed);

} // namespace mediad
