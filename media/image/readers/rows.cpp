#include "media/image/readers/rows.hpp"

#include "media/bytes/file_bytes.hpp"

namespace mediad::media {

std::uint32_t little_endian_32(std::string_view bytes, std::size_t at, std::size_t count) {
  return static_cast<std::uint32_t>(little_endian(bytes, at, count));
}

void unhide(picture& p) {
  for (std::size_t alpha = 3; alpha < p.pixels.size(); alpha += 4)
    if (p.pixels[alpha] != 0)
      return;
  for (std::size_t alpha = 3; alpha < p.pixels.size(); alpha += 4)
    p.pixels[alpha] = 255;
}

result<> take_rows(collected_rows rows, stored_image& image) {
  if (rows.found == 0)
    return fail(errc::corrupt_media, "the file ends before its first row");
  image.pixels = without_needless_alpha(std::move(rows.pixels));
  image.is_incomplete = rows.found < image.full.height;
  return {};
}

} // namespace mediad::media
