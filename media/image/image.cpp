#include "media/image/image.hpp"

#include "media/encode/preview.hpp"
#include "media/image/shown_picture.hpp"
#include "media/picture/color.hpp"
#include "media/picture/looks.hpp"
#include "media/picture/orientation.hpp"
#include "media/picture/resize.hpp"
#include "media/picture/row_averager.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace mediad::media {
double wanted_size::least_scale(extent stored, int orientation) const {
  double scale = 1;
  if (box != 0)
    scale = static_cast<double>(box) / std::max(stored.width, stored.height);
  else if (width != 0)
    scale = static_cast<double>(width) / turned(stored, orientation).width;
  return std::min(scale, 1.0);
}

std::uint32_t wanted_size::factor(extent stored, int orientation) const {
  const auto scale = least_scale(stored, orientation);
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

wanted_size for_preview(const settings& options) {
  return {options.preview.box, 0};
}

wanted_size for_renditions(const settings& options) {
  const auto widest = std::max_element(options.image.widths.begin(), options.image.widths.end());
  return widest == options.image.widths.end() ? wanted_size{} : wanted_size{0, *widest * 2};
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

picture without_needless_alpha(picture p) {
  if (!p.has_alpha() || !is_opaque(p.pixels))
    return p;
  const auto pixels = std::size_t{p.width} * p.height;
  for (std::size_t i = 0; i < pixels; ++i)
    for (std::size_t c = 0; c < 3; ++c)
      p.pixels[i * 3 + c] = p.pixels[i * 4 + c];
  p.channels = 3;
  p.pixels.resize(pixels * 3);
  return p;
}

result<picture> shown_picture(const stored_image& image, extent shown, bool in_srgb) {
  const auto size = turned(shown, image.orientation);
  picture small;
  if (image.planes) {
    const auto planes = resize(*image.planes, size, chroma::full);
    if (!planes)
      return fail(planes.error());
    small = to_rgb(*planes);
  } else {
    auto resized = resize(image.pixels, size);
    if (!resized)
      return resized;
    small = std::move(*resized);
  }
  if (in_srgb)
    to_srgb(small, image.icc);
  return upright(std::move(small), image.orientation);
}

std::string facts_of(const stored_image& image) {
  const auto shown = turned(image.full, image.orientation);
  return nlohmann::json{
    {"width", shown.width}, {"height", shown.height}, {"orientation", image.orientation}}
    .dump();
}

result<job_result> image_preview(stored_image image, const job& work, const job_context& context) {
  const auto full = turned(image.full, image.orientation);
  const auto shown = shown_picture(image, fit_box(full, context.options.preview.box));
  if (!shown)
    return fail(shown.error());
  auto done = write_preview(*shown, work, context);
  if (!done)
    return done;
  const auto looks = looks_of(*shown);
  const auto thousandths = [](double share) {
    return std::round(share * 1000) / 1000;
  };
  auto facts = nlohmann::json::parse(facts_of(image));
  facts["dominant_color"] = hex_color(looks.dominant);
  facts["focus"] = {{"x", thousandths(looks.focus_x)}, {"y", thousandths(looks.focus_y)}};
  done->media = facts.dump();
  return done;
}

} // namespace mediad::media
