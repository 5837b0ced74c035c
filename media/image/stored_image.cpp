#include "media/image/stored_image.hpp"

#include "media/picture/orientation.hpp"
#include "media/picture/row_averager.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace mediad::media {

double wanted_size::min_scale(extent stored, int orientation) const {
  double scale = 1;
  if (box != 0)
    scale = static_cast<double>(box) / std::max(stored.width, stored.height);
  else if (width != 0)
    scale = static_cast<double>(width) / turned(stored, orientation).width;
  return std::min(scale, 1.0);
}

std::uint32_t wanted_size::factor(extent stored, int orientation) const {
  const auto scale = min_scale(stored, orientation);
  const auto side = [scale](std::uint32_t pixels) {
    return std::max(1U, static_cast<std::uint32_t>(std::ceil(pixels * scale)));
  };
  return average_factor(stored, {side(stored.width), side(stored.height)});
}

result<> check_size(extent size, const limits& max) {
  if (size.width == 0 || size.height == 0)
    return fail(errc::corrupt_media, "the header says a side is 0");
  const auto text = std::to_string(size.width) + " x " + std::to_string(size.height);
  if (size.width > max.max_side || size.height > max.max_side)
    return fail(errc::too_large, text + " has too long a side");
  if (std::uint64_t{size.width} * size.height > max.max_pixels)
    return fail(errc::too_large, text + " has too many pixels");
  return {};
}

result<picture> whole_picture(const stored_image& image) {
  if (!image.planes)
    return image.pixels;
  const auto full = resize(*image.planes, image.planes->size, chroma::full);
  if (!full)
    return fail(full.error());
  return to_rgb(*full);
}

bool is_opaque(std::span<const std::uint8_t> pixels) {
  std::uint8_t all = 255;
  for (std::size_t alpha = 3; alpha < pixels.size(); alpha += 4)
    all &= pixels[alpha];
  return all == 255;
}

picture without_needless_alpha(picture kept) {
  if (!kept.has_alpha() || !is_opaque(kept.pixels))
    return kept;
  const auto pixels = std::size_t{kept.width} * kept.height;
  for (std::size_t i = 0; i < pixels; ++i)
    for (std::size_t c = 0; c < 3; ++c)
      kept.pixels[i * 3 + c] = kept.pixels[i * 4 + c];
  kept.channels = 3;
  kept.pixels.resize(pixels * 3);
  return kept;
}

} // namespace mediad::media
