#define CAF_SUITE media_document_text_letters

#include "media/document/text/canvas.hpp"

#include <memory>
#include <pango/pangocairo.h>
#include <string_view>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad::media;

namespace {

struct release {
  void operator()(void* object) const noexcept {
    g_object_unref(object);
  }
  void operator()(PangoFontDescription* font) const noexcept {
    pango_font_description_free(font);
  }
};

// How many letters no font has, so that boxes stand in their places.
int boxes_in(std::string_view text) {
  const std::unique_ptr<PangoContext, release> context{
    pango_font_map_create_context(pango_cairo_font_map_get_default())};
  const std::unique_ptr<PangoLayout, release> layout{pango_layout_new(context.get())};
  const std::unique_ptr<PangoFontDescription, release> font{
    pango_font_description_from_string("DejaVu Sans Mono 12")};
  pango_layout_set_font_description(layout.get(), font.get());
  pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
  return pango_layout_get_unknown_glyphs_count(layout.get());
}

} // namespace

CAF_TEST(the fonts of script setup have the letters of every script) {
  for (const auto text : {"中文文档测试,繁體",
                          "日本語の文書テスト",
                          "한국어 문서",
                          "ไทย สวัสดี",
                          "हिन्दी नमस्ते",
                          "বাংলা",
                          "தமிழ்",
                          "العربية مرحبا",
                          "فارسی",
                          "עברית",
                          "Ελληνικά",
                          "Русский",
                          "հայերեն",
                          "ქართული",
                          "አማርኛ",
                          "ភាសាខ្មែរ",
                          "မြန်မာ",
                          "සිංහල",
                          "🚢😀👩‍🚀",
                          "∀x∈ℝ ≤ ½ →"}) {
    CAF_MESSAGE(text);
    CAF_CHECK_EQUAL(boxes_in(text), 0);
  }
}

CAF_TEST(a page shows letters of every script) {
  auto canvas = text_canvas::make(a4_portrait, 320).value();
  canvas.write("中文 한국어 ไทย नमस्ते مرحبا 🚢", {42, 42, 500}, {.size = 20});
  const auto drawn = std::move(canvas).finish().value();
  std::size_t dark = 0;
  for (std::uint32_t y = 0; y < drawn.height; ++y)
    for (std::uint32_t x = 0; x < drawn.width * 3; ++x)
      dark += drawn.row(y)[x] < 128 ? 1 : 0;
  CAF_CHECK_GREATER(dark, 100u);
}
