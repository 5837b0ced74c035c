#include "media/document/source/warm_up.hpp"

#include <memory>
#include <poppler/cpp/poppler-document.h>
#include <poppler/cpp/poppler-page-renderer.h>
#include <poppler/cpp/poppler-page.h>
#include <string>
#include <string_view>

namespace mediad::media {
namespace {

// It uses two of the fonts that files need not bring along (ISO 32000-1, 9.6.2.2), for which
// fontconfig has to look. It has no table of its objects: poppler finds them by itself.
constexpr std::string_view page_of_text = R"(%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 64 64]/Contents 4 0 R/Resources<</Font<<
/A<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>/B<</Type/Font/Subtype/Type1/BaseFont/Times-Roman>>
>>>>>>endobj
4 0 obj<</Length 84>>stream
BT /A 12 Tf 4 40 Td (Page) Tj /B 12 Tf 0 -20 Td (page) Tj ET 0 0 m 9 9 l 20 5 l f S
endstream endobj
trailer<</Root 1 0 R>>
%%EOF
)";

} // namespace

void warm_up_poppler() {
  poppler::set_debug_error_function([](const std::string&, void*) {}, nullptr);
  // Stays open: when its last document is closed, poppler frees what its documents share.
  static const auto* const document = poppler::document::load_from_raw_data(
    page_of_text.data(), static_cast<int>(page_of_text.size()));
  const std::unique_ptr<poppler::page> page{document == nullptr ? nullptr
                                                                : document->create_page(0)};
  if (page == nullptr)
    return;
  poppler::page_renderer renderer;
  renderer.set_render_hint(poppler::page_renderer::antialiasing, true);
  renderer.set_render_hint(poppler::page_renderer::text_antialiasing, true);
  renderer.set_image_format(poppler::image::format_rgb24);
  static_cast<void>(renderer.render_page(page.get()));
  // The first title loads iconv's tables.
  static_cast<void>(poppler::ustring::from_utf8("a").to_utf8());
}

} // namespace mediad::media
