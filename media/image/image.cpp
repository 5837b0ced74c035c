#include "media/image/image.hpp"

#include "media/encode/preview.hpp"
#include "media/picture/color.hpp"
#include "media/picture/few_colors.hpp"
#include "media/picture/looks.hpp"
#include "media/picture/orientation.hpp"
#include "media/picture/resize.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace mediad::media {

wanted_size for_preview(const parameters& options) {
  return {options.preview.box, 0};
}

wanted_size for_renditions(const parameters& options) {
  const auto widest = std::max_element(options.image.widths.begin(), options.image.widths.end());
  return widest == options.image.widths.end() ? wanted_size{} : wanted_size{0, *widest * 2};
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

bool is_plain(const stored_image& image) {
  if (!image.planes)
    return has_few_colors(image.pixels);
  return image.planes->chroma_x == 1 && image.planes->chroma_y == 1
         && has_few_colors(*image.planes);
}

namespace {

extent preview_size(const stored_image& image, std::uint32_t box) {
  const auto full = turned(image.full, image.orientation);
  const auto longest = std::max(full.width, full.height);
  if (!image.is_vector || longest >= box)
    return fit_box(full, box);
  const auto filled = [&](std::uint32_t side) {
    return std::max(1U, static_cast<std::uint32_t>(std::lround(1.0 * side * box / longest)));
  };
  return {filled(full.width), filled(full.height)};
}

} // namespace

facts facts_of(const stored_image& image, const facts_options& options) {
  const auto shown = turned(image.full, image.orientation);
  facts found;
  found.add("width", shown.width);
  found.add("height", shown.height);
  found.add("orientation", image.orientation);
  if (image.is_incomplete)
    found.add("damage", incomplete_media);
  add_file_facts(found, image.facts, options);
  return found;
}

result<job_result> image_preview(stored_image image, const job_context& context) {
  const auto shown = shown_picture(image, preview_size(image, context.options.preview.box));
  if (!shown)
    return fail(shown.error());
  auto done = write_preview(*shown, context, is_plain(image));
  if (!done)
    return done;
  const auto looks = looks_of(*shown);
  const auto thousandths = [](double share) {
    return std::round(share * 1000) / 1000;
  };
  facts focus;
  focus.add("x", thousandths(looks.focus_x));
  focus.add("y", thousandths(looks.focus_y));
  auto found = facts_of(image, context.options.facts);
  found.add("dominant_color", hex_color(looks.dominant));
  found.add("focus", focus);
  done->media = std::move(found).text();
  return done;
}

} // namespace mediad::media
