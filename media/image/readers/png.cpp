#include "media/bytes/exif.hpp"
#include "media/bytes/mapped_file.hpp"
#include "media/image/readers/png_decoder.hpp"
#include "media/image/readers/png_quick.hpp"
#include "media/image/readers/readers.hpp"

namespace mediad::media {

result<stored_image> read_png(const opened_file& file, wanted_size wanted, const limits& max) {
  const auto mapped = mapped_file::of(file);
  if (!mapped)
    return fail(mapped.error());
  const auto bytes = mapped->text();
  stored_image image;
  const auto claimed = claimed_png_size(bytes);
  if (!claimed)
    return fail(claimed.error());
  image.full = *claimed;
  if (auto allowed = check_size(image.full, max); !allowed)
    return fail(allowed.error());

  // The packed pixels of a larger one would be in memory twice.
  constexpr std::size_t max_quick_bytes = 256U << 20U;
  if (bytes.size() <= max_quick_bytes && read_png_quickly(bytes, wanted, max, image)) {
    image.orientation = exif_orientation(image.exif);
    image.pixels = without_needless_alpha(std::move(image.pixels));
    return image;
  }
  if (auto decoded = decode_png(bytes, max, image); !decoded)
    return fail(decoded.error());
  return image;
}

} // namespace mediad::media
