#pragma once

#include <string>
#include <string_view>

namespace mediad::media {

/// What @p part is written in, if its letters read as well in @p common, which is met more often:
/// a charset that alone makes known words of it, or else @p common.
std::string by_words(const std::string& common, std::string_view part);

} // namespace mediad::media
