#include "media/picture/orientation.hpp"

#include "media/bytes/tiff_bytes.hpp"

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

int exif_orientation(std::span<const std::uint8_t> exif) {
  const tiff_bytes tiff{tiff_of_exif(exif)};
  if (!tiff.is_tiff())
    return 1;
  constexpr unsigned orientation_tag = 0x0112;
  constexpr unsigned short_type = 3;
  constexpr std::size_t entry_bytes = 12;
  const std::size_t directory = tiff.u32(4);
  const auto entries = tiff.u16(directory);
  for (unsigned i = 0; i < entries; ++i) {
    const auto entry = directory + 2 + i * entry_bytes;
    if (tiff.u16(entry) != orientation_tag || tiff.u16(entry + 2) != short_type)
      continue;
    const auto value = tiff.u16(entry + 8);
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
  }
  return 1;
}

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
