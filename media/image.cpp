#include "media/image.hpp"

#include "media/encode.hpp"
#include "media/image_color.hpp"
#include "media/image_orientation.hpp"
#include "media/preview.hpp"
#include "media/resize.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace mediad::media {
namespace {

// Shrinks before it converts and turns, so that those see few pixels.
result<picture> finish(const stored_image& image, extent shown) {
  auto small = resize(image.pixels, turned(shown, image.orientation));
  if (!small)
    return small;
  to_srgb(*small, image.icc);
  return upright(std::move(*small), image.orientation);
}

std::string media_json(const stored_image& image) {
  const auto shown = turned(image.full, image.orientation);
  return nlohmann::json{
    {"width", shown.width}, {"height", shown.height}, {"orientation", image.orientation}}
    .dump();
}

std::vector<std::uint32_t> rungs(std::uint32_t own_width, const image_options& options) {
  std::vector<std::uint32_t> widths;
  for (const auto width : options.widths)
    if (width <= own_width)
      widths.push_back(width);
  if (widths.empty())
    widths.push_back(own_width);
  return widths;
}

result<> write_rung(const picture& rung, const job& work, const image_options& options,
                    job_result& done) {
  const auto stem = std::filesystem::path{work.output_dir} / ("w" + std::to_string(rung.width));
  const bool fits_webp = std::max(rung.width, rung.height) <= webp_max_side;
  for (const auto& format : options.formats) {
    if (format == "webp" && !fits_webp)
      continue;
    auto file = format == "webp" ? write_webp(rung, stem.string() + ".webp", options.webp_quality,
                                              options.webp_method)
                                 : write_jpeg(rung, stem.string() + ".jpg", options.jpeg_quality);
    if (!file)
      return fail(file.error());
    done.files.push_back(std::move(*file));
  }
  return {};
}

} // namespace

double wanted_size::least_scale(extent stored, int orientation) const {
  double scale = 1;
  if (box != 0)
    scale = static_cast<double>(box) / std::max(stored.width, stored.height);
  else if (width != 0)
    scale = static_cast<double>(width) / turned(stored, orientation).width;
  return std::min(scale, 1.0);
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

result<job_result> image_preview(stored_image image, const job& work, const job_context& context) {
  const auto full = turned(image.full, image.orientation);
  const auto shown = finish(image, fit_box(full, context.options.preview.box));
  if (!shown)
    return fail(shown.error());
  auto done = write_preview(*shown, work, context);
  if (done)
    done->media = media_json(image);
  return done;
}

result<job_result> image_renditions(stored_image image, const job& work,
                                    const job_context& context) {
  const auto full = turned(image.full, image.orientation);
  auto widths = rungs(full.width, context.options.image);
  job_result done;
  done.media = media_json(image);
  auto rung = finish(image, fit_width(full, widths.back()));
  image.pixels = {}; // the largest thing here; the rungs need it no longer
  for (std::size_t left = widths.size(); left-- > 0;) {
    // Each rung comes from the one above it: a ninth of the work of coming from the original.
    if (rung && rung->width != widths[left])
      rung = resize(*rung, fit_width(full, widths[left]));
    if (!rung)
      return fail(rung.error());
    if (auto written = write_rung(*rung, work, context.options.image, done); !written)
      return fail(written.error());
    // The widest rung is most of the work.
    context.progress(1 - 0.5 * static_cast<double>(left) / static_cast<double>(widths.size()));
  }
  return done;
}

} // namespace mediad::media
