#include "media/encode/encode.hpp"
#include "media/encode/kept_exif.hpp"
#include "media/image/image.hpp"
#include "media/picture/color.hpp"
#include "media/picture/orientation.hpp"
#include "media/picture/resize.hpp"

#include <algorithm>
#include <charconv>
#include <variant>

namespace mediad::media {
namespace {

/// One width of the ladder: planes if none of the wanted formats could show more.
using rung = std::variant<planar, picture>;

/// How all rungs are encoded.
struct encoding {
  const image_options& options;
  attachments attached;
  chroma rung_chroma = chroma::half; ///< Chroma of rungs that are whole pictures.
  bool has_few_colors = false;       ///< Whether the picture as it is stored has.
};

std::vector<std::uint32_t> widths_for(std::uint32_t own_width, const image_options& options) {
  std::vector<std::uint32_t> widths;
  for (const auto width : options.widths)
    if (width <= own_width)
      widths.push_back(width);
  if (widths.empty())
    widths.push_back(own_width);
  std::reverse(widths.begin(), widths.end());
  return widths;
}

bool has_word(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

rgb_color background_of(const image_options& options) {
  rgb_color color = white;
  const auto* digits = options.background.data() + 1; // after '#'
  for (std::size_t c = 0; c < color.size() && options.background.size() == 7; ++c)
    std::from_chars(digits + 2 * c, digits + 2 * c + 2, color.at(c), 16);
  return color;
}

chroma chroma_for(const image_options& options) {
  return options.jpeg_chroma == "full" ? chroma::full : chroma::half;
}

// Whether the picture is as small as an icon, and has chroma of its full size.
bool is_icon(const stored_image& image) {
  constexpr std::uint32_t icon_side = 128;
  const bool has_full_chroma =
    !image.planes || (image.planes->chroma_x == 1 && image.planes->chroma_y == 1);
  return has_full_chroma && std::max(image.full.width, image.full.height) <= icon_side;
}

bool keeps_colors(const stored_image& image, const image_options& options) {
  return options.colors == "keep" && has_rgb_profile(image.icc) && !is_srgb(image.icc);
}

extent size_of(const rung& r) {
  if (const auto* planes = std::get_if<planar>(&r))
    return planes->size;
  const auto& pixels = std::get<picture>(r);
  return {pixels.width, pixels.height};
}

// The picture at the size @p shown, upright.
// @param keeps_chroma whether the picture is an icon or has few colours.
result<rung> widest(const stored_image& image, extent shown, const image_options& options,
                    bool keeps_chroma) {
  const bool can_stay = image.planes && !keeps_chroma && image.planes->rule == luma_rule{}
                        && (keeps_colors(image, options) || is_srgb(image.icc))
                        && !has_word(options.formats, "png");
  if (can_stay) {
    auto planes = resize(*image.planes, turned(shown, image.orientation), chroma_for(options));
    if (!planes)
      return fail(planes.error());
    return rung{upright(std::move(*planes), image.orientation)};
  }
  auto pixels = shown_picture(image, shown, !keeps_colors(image, options));
  if (!pixels)
    return fail(pixels.error());
  if (pixels->has_alpha() && options.alpha == "flatten")
    *pixels = flatten(*pixels, background_of(options));
  // Planes with halved chroma would smear what an icon or a drawing has in few colours.
  if (pixels->has_alpha() || has_word(options.formats, "png") || keeps_chroma)
    return rung{std::move(*pixels)};
  return rung{to_planar(*pixels, chroma_for(options))};
}

result<rung> next_below(const rung& above, extent size, const image_options& options) {
  if (const auto* planes = std::get_if<planar>(&above)) {
    auto smaller = resize(*planes, size, chroma_for(options));
    return smaller ? result<rung>{rung{std::move(*smaller)}} : fail(smaller.error());
  }
  auto smaller = resize(std::get<picture>(above), size);
  return smaller ? result<rung>{rung{std::move(*smaller)}} : fail(smaller.error());
}

// Each rung is shrunk from the one above it: a ninth of the work of shrinking the original.
result<std::vector<rung>> rungs_of(stored_image image, const image_options& options,
                                   bool keeps_chroma) {
  const auto full = turned(image.full, image.orientation);
  // A drawing may be larger than it says.
  const auto own_width = image.is_vector ? std::max(full.width, image.pixels.width) : full.width;
  std::vector<rung> rungs;
  for (const auto width : widths_for(own_width, options)) {
    const auto size = fit_width(full, width);
    auto made = rungs.empty() ? widest(image, size, options, keeps_chroma)
                              : next_below(rungs.back(), size, options);
    if (!made)
      return fail(made.error());
    rungs.push_back(std::move(*made));
    image.pixels = {}; // the largest things here; the rungs need them no longer
    image.planes.reset();
  }
  return rungs;
}

result<std::string> jpeg_of(const rung& r, const encoding& how) {
  const auto& options = how.options;
  if (const auto* planes = std::get_if<planar>(&r))
    return encode_jpeg(*planes, options.jpeg_quality, options.jpeg_progressive, how.attached);
  const auto& pixels = std::get<picture>(r);
  if (pixels.has_alpha())
    return jpeg_of(rung{flatten(pixels, background_of(options))}, how);
  return jpeg_of(rung{to_planar(pixels, how.rung_chroma)}, how);
}

result<std::string> webp_of(const rung& r, const encoding& how) {
  const auto& options = how.options;
  const auto* pixels = std::get_if<picture>(&r);
  auto bytes =
    pixels != nullptr
      ? encode_webp_to_suit(*pixels, options.webp_quality, options.webp_method, how.has_few_colors)
      : encode_webp(std::get<planar>(r), options.webp_quality, options.webp_method);
  return bytes && !how.attached.empty() ? attach_to_webp(*bytes, how.attached) : bytes;
}

result<std::string> avif_of(const rung& r, const encoding& how) {
  const avif_style style{how.options.avif_quality, how.options.avif_speed};
  if (const auto* planes = std::get_if<planar>(&r))
    return encode_avif(*planes, style, how.attached);
  const auto& pixels = std::get<picture>(r);
  return pixels.has_alpha() ? encode_avif(pixels, style, how.attached)
                            : encode_avif(to_planar(pixels, how.rung_chroma), style, how.attached);
}

result<std::string> png_of(const rung& r, const encoding& how) {
  return encode_png(std::get<picture>(r), how.attached);
}

struct ladder_format {
  std::string_view name;
  const char* ending;
  const char* media_type;
  std::uint32_t max_side;
  double share; ///< Roughly how much of the time it takes, in parts of all formats' shares.
  result<std::string> (*encode)(const rung& r, const encoding& how);
};

// The quick formats come first.
constexpr std::uint32_t any_side = 65'535;
constexpr std::array formats{
  ladder_format{"jpeg", ".jpg", "image/jpeg", any_side, 1, jpeg_of},
  ladder_format{"webp", ".webp", "image/webp", webp_max_side, 4, webp_of},
  ladder_format{"avif", ".avif", "image/avif", any_side, 4, avif_of},
  ladder_format{"png", ".png", "image/png", any_side, 6, png_of},
};

result<> write_format(const std::vector<rung>& rungs, const ladder_format& format,
                      const encoding& how, const opened_folder& folder, job_result& done) {
  for (const auto& r : rungs) {
    const auto size = size_of(r);
    if (std::max(size.width, size.height) > format.max_side)
      continue;
    const auto name = "w" + std::to_string(size.width) + format.ending;
    auto file = write_encoded(format.encode(r, how), size, folder / name, format.media_type);
    if (!file)
      return fail(file.error());
    done.files.push_back(std::move(*file));
  }
  return {};
}

} // namespace

result<job_result> image_renditions(stored_image image, const job_context& context) {
  job_result done;
  done.media = facts_of(image, context.options.facts).text();
  encoding how{context.options.image, {}};
  how.attached.exif = kept_exif(image.exif, context.options.image.metadata);
  if (keeps_colors(image, context.options.image))
    how.attached.icc = image.icc;
  how.has_few_colors = is_plain(image);
  const bool keeps_chroma = how.has_few_colors || is_icon(image);
  how.rung_chroma = keeps_chroma ? chroma::full : chroma_for(context.options.image);
  const auto rungs = rungs_of(std::move(image), context.options.image, keeps_chroma);
  if (!rungs)
    return fail(rungs.error());
  double whole = 2; // what decoding and shrinking have taken
  for (const auto& format : formats)
    whole += has_word(context.options.image.formats, format.name) ? format.share : 0;
  double made = 2;
  context.progress(made / whole);
  for (const auto& format : formats) {
    if (!has_word(context.options.image.formats, format.name))
      continue;
    if (auto written = write_format(*rungs, format, how, context.output, done); !written)
      return fail(written.error());
    made += format.share;
    context.progress(made / whole);
  }
  return done;
}

} // namespace mediad::media
