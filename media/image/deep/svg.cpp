#include "media/image/deep/svg.hpp"

#include "base/file.hpp"
#include "media/image/deep/drop_shadow.hpp"

#include <cairo.h>
#include <cmath>
#include <libdeflate.h>
#include <librsvg/rsvg.h>
#include <memory>
#include <string>

namespace mediad::media {
namespace {

constexpr std::size_t max_file_bytes = 8U << 20U;

struct unref_object {
  void operator()(RsvgHandle* object) const noexcept {
    g_object_unref(object);
  }
};
struct destroy_surface {
  void operator()(cairo_surface_t* surface) const noexcept {
    cairo_surface_destroy(surface);
  }
};
struct destroy_cairo {
  void operator()(cairo_t* cairo) const noexcept {
    cairo_destroy(cairo);
  }
};
struct free_error {
  void operator()(GError* e) const noexcept {
    g_error_free(e);
  }
};
using error_ptr = std::unique_ptr<GError, free_error>;

error damaged(GError* raw) {
  const error_ptr owned{raw};
  return fail(errc::corrupt_media,
              std::string{"librsvg: "} + (owned ? owned->message : "no reason given"));
}

// The size of the drawing in pixels. One that has only proportions is drawn as large as usual_side.
result<extent> size_of(RsvgHandle* svg, const limits& max) {
  constexpr double usual_side = 1024;
  double width = 0;
  double height = 0;
  if (rsvg_handle_get_intrinsic_size_in_pixels(svg, &width, &height) == FALSE) {
    gboolean has_width = FALSE;
    gboolean has_height = FALSE;
    gboolean has_box = FALSE;
    RsvgLength unused_width{};
    RsvgLength unused_height{};
    RsvgRectangle box{};
    rsvg_handle_get_intrinsic_dimensions(svg, &has_width, &unused_width, &has_height,
                                         &unused_height, &has_box, &box);
    const double ratio = has_box != FALSE && box.height > 0 ? box.width / box.height : 1;
    width = ratio >= 1 ? usual_side : usual_side * ratio;
    height = ratio >= 1 ? usual_side / ratio : usual_side;
  }
  if (!(width > 0) || !(height > 0))
    return fail(errc::corrupt_media, "librsvg: a drawing without size");
  if (width > max.max_side || height > max.max_side)
    return fail(errc::too_large, "a drawing with too long a side");
  return extent{static_cast<std::uint32_t>(std::max(1.0, std::round(width))),
                static_cast<std::uint32_t>(std::max(1.0, std::round(height)))};
}

// Cairo's pixels are words of premultiplied ARGB.
picture unpack(cairo_surface_t* surface, extent size) {
  picture made{size.width, size.height, 4};
  cairo_surface_flush(surface);
  const auto* rows = cairo_image_surface_get_data(surface);
  const auto stride = static_cast<std::size_t>(cairo_image_surface_get_stride(surface));
  for (std::uint32_t y = 0; y < size.height; ++y) {
    const auto* in = reinterpret_cast<const std::uint32_t*>(rows + y * stride);
    auto* out = made.row(y);
    for (std::uint32_t x = 0; x < size.width; ++x, out += 4) {
      const auto alpha = in[x] >> 24U;
      for (unsigned c = 0; c < 3; ++c) {
        const auto value = in[x] >> (16 - 8 * c) & 0xFFU;
        out[c] = static_cast<std::uint8_t>(
          alpha == 0 ? 0 : std::min(255U, (value * 255 + alpha / 2) / alpha));
      }
      out[3] = static_cast<std::uint8_t>(alpha);
    }
  }
  return made;
}

} // namespace

namespace {

// What is in the file: the drawing, or one that is packed with gzip.
result<std::string> read_drawing(const opened_file& file) {
  auto bytes = read_file(file, max_file_bytes);
  if (!bytes || !bytes->starts_with("\x1F\x8B"))
    return bytes;
  const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)> inflate{
    libdeflate_alloc_decompressor(), &libdeflate_free_decompressor};
  if (!inflate)
    throw std::bad_alloc{};
  std::string drawing(max_file_bytes, '\0');
  std::size_t count = 0;
  const auto done = libdeflate_gzip_decompress(inflate.get(), bytes->data(), bytes->size(),
                                               drawing.data(), drawing.size(), &count);
  if (done == LIBDEFLATE_INSUFFICIENT_SPACE)
    return fail(errc::too_large, "a drawing over 8 MiB when it is unpacked");
  if (done != LIBDEFLATE_SUCCESS)
    return fail(errc::corrupt_media, "a drawing that cannot be unpacked");
  drawing.resize(count);
  return drawing;
}

// A drawing has no pixels that would blur: it is drawn as large as its preview may be, even if its
// own size is smaller.
double scale_for(const wanted_size& wanted, extent full) {
  constexpr double min_side = 320;
  const double longest = std::max(full.width, full.height);
  const auto least = wanted.box != 0 ? wanted.box : min_side;
  return std::max(wanted.min_scale(full, 1), least / longest);
}

} // namespace

result<stored_image> read_svg(const opened_file& file, wanted_size wanted, const limits& max) {
  auto bytes = read_drawing(file);
  if (!bytes)
    return fail(bytes.error());
  *bytes = spell_out_drop_shadows(*bytes);
  GError* failed = nullptr;
  const std::unique_ptr<RsvgHandle, unref_object> svg{rsvg_handle_new_from_data(
    reinterpret_cast<const guint8*>(bytes->data()), bytes->size(), &failed)};
  if (!svg)
    return damaged(failed);
  const auto size = size_of(svg.get(), max);
  if (!size)
    return fail(size.error());
  stored_image image;
  image.full = *size;
  if (auto allowed = check_size(image.full, max); !allowed)
    return fail(allowed.error());
  image.is_vector = true;
  const auto scale = scale_for(wanted, image.full);
  const auto scaled = [scale](std::uint32_t side) {
    return std::max(1U, static_cast<std::uint32_t>(std::ceil(side * scale)));
  };
  const extent drawn{scaled(size->width), scaled(size->height)};
  const std::unique_ptr<cairo_surface_t, destroy_surface> surface{cairo_image_surface_create(
    CAIRO_FORMAT_ARGB32, static_cast<int>(drawn.width), static_cast<int>(drawn.height))};
  const std::unique_ptr<cairo_t, destroy_cairo> cairo{cairo_create(surface.get())};
  const RsvgRectangle all{0, 0, static_cast<double>(drawn.width),
                          static_cast<double>(drawn.height)};
  if (cairo_status(cairo.get()) != CAIRO_STATUS_SUCCESS)
    return fail(errc::too_large,
                std::string{"cairo: "} + cairo_status_to_string(cairo_status(cairo.get())));
  if (rsvg_handle_render_document(svg.get(), cairo.get(), &all, &failed) == FALSE)
    return damaged(failed);
  image.pixels = without_needless_alpha(unpack(surface.get(), drawn));
  return image;
}

} // namespace mediad::media
