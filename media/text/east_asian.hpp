#pragma once

#include <string>
#include <string_view>

namespace mediad::media {

/// The charset of East Asia in which @p bytes hold nothing but its common characters, and read
/// well; empty if there is none. A few characters are enough, too few for the frequencies that a
/// detector needs: such are names.
std::string common_east_asian(std::string_view bytes);

/// Whether all of @p bytes beyond ASCII may be katakana of one byte (JIS X 0201), and they are more
/// than the letters of ASCII. So may be capitals of Greek and Russian.
bool may_be_small_katakana(std::string_view bytes);

} // namespace mediad::media
