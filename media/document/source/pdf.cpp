#include "media/document/source/pdf.hpp"

#include "media/bytes/mapped_file.hpp"
#include "media/document/source/deadline.hpp"
#include "media/job/facts.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <glib.h>
#include <mutex>
#include <poppler/cpp/poppler-document.h>
#include <poppler/cpp/poppler-page-renderer.h>
#include <poppler/cpp/poppler-page.h>
#include <poppler/cpp/poppler-toc.h>

namespace mediad::media {
namespace {

constexpr double points_per_inch = 72;
constexpr std::size_t max_fact_bytes = 500;

// Whether the file goes up to its end (ISO 32000-1, 7.5.5): behind the last cross-reference stands
// its offset, and then %%EOF or just the end of the file. Senders pad files with whatever they
// like; if an object is among that, the file was cut off in what an incremental update has added.
result<bool> is_whole(const opened_file& file) {
  const auto mapped = mapped_file::of(file);
  if (!mapped)
    return fail(mapped.error());
  const auto bytes = mapped->text();
  const auto reference = bytes.rfind("startxref");
  if (reference == std::string_view::npos)
    return false;
  const auto rest = bytes.substr(reference);
  return rest.find_first_of("0123456789") != std::string_view::npos
         && rest.find(" obj") == std::string_view::npos;
}

// poppler writes every flaw of a file to stderr unless told otherwise.
void silence_poppler() {
  static std::once_flag once;
  std::call_once(
    once, [] { poppler::set_debug_error_function([](const std::string&, void*) {}, nullptr); });
}

std::string to_string(const poppler::ustring& text) {
  const auto bytes = text.to_utf8();
  if (bytes.empty())
    return {};
  // What a file calls text may hold half of a surrogate pair or a NUL.
  char* valid = g_utf8_make_valid(bytes.data(), static_cast<gssize>(bytes.size()));
  std::string made = valid;
  g_free(valid);
  std::erase(made, '\0');
  return made;
}

std::string fact(const poppler::ustring& text, std::size_t max_bytes = max_fact_bytes) {
  auto made = to_string(text);
  if (made.size() > max_bytes) {
    const auto* cut = g_utf8_find_prev_char(made.data(), made.data() + max_bytes + 1);
    made.resize(static_cast<std::size_t>(cut - made.data()));
  }
  return made;
}

struct page_size {
  double width = 0; ///< Points, as it is seen.
  double height = 0;
};

page_size size_of(const poppler::page& page) {
  const auto box = page.page_rect(poppler::crop_box);
  const auto turn = page.orientation();
  const bool lies = turn == poppler::page::landscape || turn == poppler::page::seascape;
  return lies ? page_size{box.height(), box.width()} : page_size{box.width(), box.height()};
}

result<picture> to_picture(const poppler::image& drawn) {
  if (!drawn.is_valid() || drawn.format() != poppler::image::format_rgb24)
    return fail(errc::corrupt_media, "poppler could not draw the page");
  picture made{static_cast<std::uint32_t>(drawn.width()),
               static_cast<std::uint32_t>(drawn.height()), 3};
  for (std::uint32_t y = 0; y < made.height; ++y) {
    const auto* row =
      drawn.const_data() + std::size_t{y} * static_cast<unsigned>(drawn.bytes_per_row());
    std::copy_n(reinterpret_cast<const std::uint8_t*>(row), made.stride(), made.row(y));
  }
  return made;
}

// As a flat list with levels, cut off where a record would become too long. Outlines may be deep,
// or circular: poppler follows them, to a depth of its own.
void add_outline(nlohmann::json& list, const poppler::toc_item& above, std::size_t level) {
  constexpr std::size_t max_items = 100;
  constexpr std::size_t max_level = 8;
  constexpr std::size_t max_title_bytes = 120;
  if (level > max_level)
    return;
  for (const auto* item : above.children()) {
    if (list.size() >= max_items)
      return;
    list.push_back({{"title", fact(item->title(), max_title_bytes)}, {"level", level}});
    add_outline(list, *item, level + 1);
  }
}

nlohmann::json outline_of(const poppler::document& document) {
  auto list = nlohmann::json::array();
  const std::unique_ptr<poppler::toc> outline{document.create_toc()};
  if (outline != nullptr && outline->root() != nullptr)
    add_outline(list, *outline->root(), 1);
  return list;
}

result<picture> draw_page(const poppler::document& document, std::uint32_t index, std::uint32_t box,
                          std::uint64_t max_pixels) {
  const auto name = "page " + std::to_string(index + 1);
  const std::unique_ptr<poppler::page> page{document.create_page(static_cast<int>(index))};
  if (page == nullptr)
    return fail(errc::corrupt_media, name + " cannot be read");
  const auto size = size_of(*page);
  const auto longest = std::max(size.width, size.height);
  if (!std::isfinite(longest) || !(std::min(size.width, size.height) > 0))
    return fail(errc::corrupt_media, name + " has no size");
  const auto scale = box / longest;
  const auto width = std::max(1, static_cast<int>(std::lround(size.width * scale)));
  const auto height = std::max(1, static_cast<int>(std::lround(size.height * scale)));
  if (std::uint64_t(width) * std::uint64_t(height) > max_pixels)
    return fail(errc::too_large, "the box asks for too many pixels");
  poppler::page_renderer renderer;
  renderer.set_render_hint(poppler::page_renderer::antialiasing, true);
  renderer.set_render_hint(poppler::page_renderer::text_antialiasing, true);
  renderer.set_image_format(poppler::image::format_rgb24);
  const auto resolution = scale * points_per_inch;
  return to_picture(renderer.render_page(page.get(), resolution, resolution, 0, 0, width, height));
}

} // namespace

pdf_document::pdf_document(std::shared_ptr<poppler::document> document, bool is_whole,
                           const limits& max)
  : document_{std::move(document)},
    is_whole_{is_whole},
    max_pixels_{max.max_pixels},
    page_time_{std::chrono::seconds{max.max_page_s}} {}

pdf_document::~pdf_document() = default;

result<std::unique_ptr<pdf_document>> pdf_document::open(const opened_file& file,
                                                         const limits& max) {
  silence_poppler();
  const auto whole = is_whole(file);
  if (!whole)
    return fail(whole.error());
  const auto loaded = within<std::shared_ptr<poppler::document>>(
    std::chrono::seconds{max.max_page_s}, "reading the PDF",
    [name = file.name()]() -> result<std::shared_ptr<poppler::document>> {
      return std::shared_ptr<poppler::document>{poppler::document::load_from_file(name)};
    });
  if (!loaded)
    return fail(loaded.error());
  auto document = *loaded;
  if (document == nullptr)
    return fail(errc::corrupt_media, "poppler cannot read the PDF");
  if (document->is_locked())
    return fail(errc::password_protected, "the PDF needs a password");
  const auto pages = document->pages();
  if (pages < 1)
    return fail(errc::corrupt_media, "the PDF has no page");
  if (static_cast<std::uint32_t>(pages) > max.max_pages)
    return fail(errc::too_large, "the PDF has " + std::to_string(pages) + " pages");
  return std::unique_ptr<pdf_document>{new pdf_document{std::move(document), *whole, max}};
}

std::uint32_t pdf_document::drawable_pages() const {
  return static_cast<std::uint32_t>(document_->pages());
}

result<picture> pdf_document::draw(std::uint32_t index, std::uint32_t box) {
  const auto drawing = [document = document_, index, box, max_pixels = max_pixels_] {
    return draw_page(*document, index, box, max_pixels);
  };
  return within<picture>(page_time_, "drawing page " + std::to_string(index + 1), drawing);
}

nlohmann::json pdf_document::facts() const {
  auto facts = nlohmann::json{{"pages", document_->pages()}};
  if (!is_whole_)
    facts["damage"] = incomplete_media;
  if (auto title = fact(document_->get_title()); !title.empty())
    facts["title"] = std::move(title);
  if (auto author = fact(document_->get_author()); !author.empty())
    facts["author"] = std::move(author);
  if (auto outline = outline_of(*document_); !outline.empty())
    facts["outline"] = std::move(outline);
  return facts;
}

result<std::string> pdf_document::text(std::uint32_t index) const {
  const auto reading = [document = document_, index]() -> result<std::string> {
    const std::unique_ptr<poppler::page> page{document->create_page(static_cast<int>(index))};
    if (page == nullptr)
      return std::string{};
    auto text = to_string(page->text(poppler::rectf{}, poppler::page::non_raw_non_physical_layout));
    while (!text.empty() && text.back() == '\f') // poppler's own mark
      text.pop_back();
    return text;
  };
  return within<std::string>(page_time_, "reading page " + std::to_string(index + 1), reading);
}

} // namespace mediad::media
