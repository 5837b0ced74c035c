#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mediad::media {

/// A file's words, fit for facts: valid UTF-8 without control characters, at most @p max_bytes. A
/// byte that is no UTF-8 becomes U+FFFD.
std::string clean_text(std::string_view raw, std::size_t max_bytes);

/// @p text without spaces, tabs, line breaks and NULs at both ends.
std::string_view trimmed(std::string_view text);

} // namespace mediad::media
