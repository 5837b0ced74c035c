#include "media/picture/few_colors.hpp"

#include <algorithm>
#include <unordered_set>

namespace mediad::media {

bool has_few_colors(const picture& shown) {
  constexpr std::size_t few = 256;
  std::unordered_set<std::uint32_t> seen;
  std::uint32_t last = 0;
  bool is_first = true;
  for (std::size_t at = 0; at + shown.channels <= shown.pixels.size(); at += shown.channels) {
    std::uint32_t color = 0;
    for (std::size_t c = 0; c < shown.channels; ++c)
      color = color << 8U | shown.pixels[at + c];
    if (shown.has_alpha() && shown.pixels[at + 3] == 0)
      color = 0;
    if (!is_first && color == last) // flat areas are cheap
      continue;
    is_first = false;
    last = color;
    seen.insert(color);
    if (seen.size() > few)
      return false; // a photo has that many in its first row
  }
  return true;
}

} // namespace mediad::media
