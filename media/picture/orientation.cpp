#include "media/picture/orientation.hpp"

#include <cstring>
#include <utility>

namespace mediad::media {
namespace {

// Where pixel (x, y) of the upright picture is in the stored one of w x h.
std::pair<std::uint32_t, std::uint32_t> stored_place(std::uint32_t x, std::uint32_t y,
                                                     extent stored, int orientation) {
  const auto right = stored.width - 1;
  const auto bottom = stored.height - 1;
  switch (orientation) {
  case 2: return {right - x, y};
  case 3: return {right - x, bottom - y};
  case 4: return {x, bottom - y};
  case 5: return {y, x};
  case 6: return {y, bottom - x};
  case 7: return {right - y, bottom - x};
  case 8: return {right - y, x};
  default: return {x, y};
  }
}

} // namespace

extent turned(extent size, int orientation) {
  if (orientation >= 5)
    std::swap(size.width, size.height);
  return size;
}

picture upright(picture stored, int orientation) {
  if (orientation <= 1 || orientation > 8)
    return stored;
  const extent from{stored.width, stored.height};
  const auto size = turned(from, orientation);
  picture shown{size.width, size.height, stored.channels};
  for (std::uint32_t y = 0; y < size.height; ++y) {
    auto* out = shown.row(y);
    for (std::uint32_t x = 0; x < size.width; ++x, out += shown.channels) {
      const auto [sx, sy] = stored_place(x, y, from, orientation);
      std::memcpy(out, stored.row(sy) + std::size_t{sx} * stored.channels, stored.channels);
    }
  }
  return shown;
}

} // namespace mediad::media
