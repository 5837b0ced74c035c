#include "media/document/text/canvas.hpp"

#include <algorithm>
#include <cmath>
#include <pango/pangocairo.h>
#include <string>

namespace mediad::media {
namespace {

constexpr auto font_family = "DejaVu Sans Mono";

struct free_font {
  void operator()(PangoFontDescription* font) const noexcept {
    pango_font_description_free(font);
  }
};

struct free_options {
  void operator()(cairo_font_options_t* options) const noexcept {
    cairo_font_options_destroy(options);
  }
};

// Letters keep their true widths at every scale, so that a thumbnail breaks lines like a page.
void use_true_metrics(PangoLayout* layout) {
  const std::unique_ptr<cairo_font_options_t, free_options> options{cairo_font_options_create()};
  cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_antialias(options.get(), CAIRO_ANTIALIAS_GRAY);
  auto* context = pango_layout_get_context(layout);
  pango_cairo_context_set_font_options(context, options.get());
  pango_context_set_round_glyph_positions(context, FALSE);
}

int to_pango(double points) {
  return static_cast<int>(std::lround(points * PANGO_SCALE));
}

} // namespace

void text_canvas::release::operator()(_cairo_surface* surface) const noexcept {
  cairo_surface_destroy(surface);
}

void text_canvas::release::operator()(_cairo* context) const noexcept {
  cairo_destroy(context);
}

void text_canvas::release::operator()(_PangoLayout* layout) const noexcept {
  g_object_unref(layout);
}

result<text_canvas> text_canvas::make(paper size, std::uint32_t box) {
  const auto scale = box / std::max(size.width, size.height);
  const auto width = std::max(1, static_cast<int>(std::lround(size.width * scale)));
  const auto height = std::max(1, static_cast<int>(std::lround(size.height * scale)));
  text_canvas made;
  made.surface_.reset(cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height));
  made.context_.reset(cairo_create(made.surface_.get()));
  // Either may be an object that only says what went wrong; the context knows of both.
  if (cairo_status(made.context_.get()) != CAIRO_STATUS_SUCCESS)
    return fail(errc::internal, cairo_status_to_string(cairo_status(made.context_.get())));
  made.layout_.reset(pango_cairo_create_layout(made.context_.get()));
  use_true_metrics(made.layout_.get());
  cairo_set_source_rgb(made.context_.get(), 1, 1, 1);
  cairo_paint(made.context_.get());
  cairo_scale(made.context_.get(), scale, scale);
  return made;
}

void text_canvas::write(std::string_view text, place where, style how) {
  const std::unique_ptr<PangoFontDescription, free_font> font{pango_font_description_new()};
  pango_font_description_set_family_static(font.get(), font_family);
  pango_font_description_set_absolute_size(font.get(), to_pango(how.size));
  pango_font_description_set_weight(font.get(), how.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  auto* layout = layout_.get();
  pango_layout_set_font_description(layout, font.get());
  pango_layout_set_single_paragraph_mode(layout, TRUE);
  pango_layout_set_auto_dir(layout, FALSE);
  pango_layout_set_alignment(layout, how.to_right ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
  pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_width(layout, to_pango(where.width));
  pango_layout_set_text(layout, text.data(), static_cast<int>(text.size()));
  auto* context = context_.get();
  cairo_set_source_rgb(context, 0.1, 0.1, 0.1);
  cairo_move_to(context, where.x, where.y);
  pango_cairo_update_layout(context, layout);
  pango_cairo_show_layout(context, layout);
}

void text_canvas::fill(place where, double height, double grey) {
  cairo_set_source_rgb(context_.get(), grey, grey, grey);
  cairo_rectangle(context_.get(), where.x, where.y, where.width, height);
  cairo_fill(context_.get());
}

result<picture> text_canvas::finish() && {
  auto* surface = surface_.get();
  cairo_surface_flush(surface);
  if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
    return fail(errc::internal, cairo_status_to_string(cairo_surface_status(surface)));
  picture made{static_cast<std::uint32_t>(cairo_image_surface_get_width(surface)),
               static_cast<std::uint32_t>(cairo_image_surface_get_height(surface)), 3};
  const auto* rows = cairo_image_surface_get_data(surface);
  const auto stride = static_cast<std::size_t>(cairo_image_surface_get_stride(surface));
  for (std::uint32_t y = 0; y < made.height; ++y) {
    const auto* pixel = reinterpret_cast<const std::uint32_t*>(rows + y * stride);
    auto* out = made.row(y);
    for (std::uint32_t x = 0; x < made.width; ++x, ++pixel) {
      *out++ = static_cast<std::uint8_t>(*pixel >> 16U);
      *out++ = static_cast<std::uint8_t>(*pixel >> 8U);
      *out++ = static_cast<std::uint8_t>(*pixel);
    }
  }
  return made;
}

} // namespace mediad::media
