#include "media/picture/few_colors.hpp"

#include <cstddef>
#include <unordered_set>

namespace mediad::media {

namespace {

/// Counts colours as long as they are few.
class color_count {
public:
  /// @returns false if there are more than few of them now.
  bool add(std::uint32_t color) {
    if (!seen_.empty() && color == last_) // flat areas are cheap
      return true;
    constexpr std::size_t few = 256;
    last_ = color;
    seen_.insert(color);
    return seen_.size() <= few; // a photo has more in its first row
  }

private:
  std::unordered_set<std::uint32_t> seen_;
  std::uint32_t last_ = 0;
};

} // namespace

bool has_few_colors(const picture& shown) {
  color_count count;
  for (std::size_t at = 0; at + shown.channels <= shown.pixels.size(); at += shown.channels) {
    std::uint32_t color = 0;
    for (std::size_t c = 0; c < shown.channels; ++c)
      color = color << 8U | shown.pixels[at + c];
    if (shown.has_alpha() && shown.pixels[at + 3] == 0)
      color = 0;
    if (!count.add(color))
      return false;
  }
  return true;
}

bool has_few_colors(const planar& p) {
  color_count count;
  for (std::uint32_t y = 0; y < p.size.height; ++y)
    for (std::uint32_t x = 0; x < p.size.width; ++x) {
      std::uint32_t color = 0;
      for (const auto& part : p.parts)
        color = color << 8U | part.row(y)[x];
      if (!count.add(color))
        return false;
    }
  return true;
}

} // namespace mediad::media
