#include "media/bytes/exif.hpp"

#include "media/bytes/tiff_bytes.hpp"

namespace mediad::media {

std::span<const std::uint8_t> tiff_of_exif(std::span<const std::uint8_t> exif) {
  constexpr std::size_t prefix_bytes = 6;
  const bool has_prefix = exif.size() > prefix_bytes && exif[0] == 'E' && exif[1] == 'x'
                          && exif[2] == 'i' && exif[3] == 'f' && exif[4] == 0 && exif[5] == 0;
  return has_prefix ? exif.subspan(prefix_bytes) : exif;
}

int exif_orientation(std::span<const std::uint8_t> exif) {
  constexpr unsigned orientation_tag = 0x0112;
  const tiff_bytes tiff{tiff_of_exif(exif)};
  std::uint32_t found = 0;
  if (tiff.is_tiff())
    tiff.each_entry(tiff.u32(4), [&](const tiff_entry& entry) {
      if (found == 0 && entry.tag == orientation_tag && entry.type == tiff_bytes::short_type)
        found = entry.value;
    });
  return found >= 1 && found <= 8 ? static_cast<int>(found) : 1;
}

} // namespace mediad::media
