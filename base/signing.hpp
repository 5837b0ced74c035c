#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Signing of what clients bring back, so that the server need not keep it.
namespace mediad {

/// HMAC-SHA256 (RFC 2104, FIPS 180-4) of @p parts, each with its length before it, so that no two
/// lists of parts are one message. 32 bytes.
/// @param key  of any length; 32 random bytes are right.
std::string sign(std::string_view key, const std::vector<std::string_view>& parts);

/// Base64url without padding (RFC 4648 section 5).
std::string to_base64url(std::string_view bytes);
/// The inverse; nothing for any other text.
std::optional<std::string> from_base64url(std::string_view text);

} // namespace mediad
