#pragma once

#include <cstdint>
#include <string_view>

namespace mediad::media {

/// How many columns of a monospaced font a character takes: 2 for those of East Asia, 0 for marks.
std::uint32_t columns_of(char32_t code_point);

/// The same for @p text (valid UTF-8).
std::size_t columns_of(std::string_view text);

} // namespace mediad::media
