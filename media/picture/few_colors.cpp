#include "media/picture/few_colors.hpp"

#include <algorithm>
#include <unordered_set>

namespace mediad::media {

bool has_few_colors(const picture& p) {
  constexpr std::size_t few = 256;
  std::unordered_set<std::uint32_t> seen;
  std::uint32_t last = 0;
  bool is_first = true;
  for (std::size_t at = 0; at + p.channels <= p.pixels.size(); at += p.channels) {
    std::uint32_t color = 0;
    for (std::size_t c = 0; c < p.channels; ++c)
      color = color << 8U | p.pixels[at + c];
    if (p.has_alpha() && p.pixels[at + 3] == 0)
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
