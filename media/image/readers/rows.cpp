#include "media/image/readers/rows.hpp"

namespace mediad::media {

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
