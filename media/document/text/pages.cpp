#include "media/document/text/pages.hpp"

#include "media/document/text/canvas.hpp"
#include "media/document/text/columns.hpp"
#include "media/document/text/reader.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <glib.h>

namespace mediad::media {
namespace {

constexpr double margin = 42;
constexpr double font_size = 9;
constexpr double row_height = (a4_portrait.height - 2 * margin) / text_flow::rows_per_page;
static_assert(text_flow::columns * font_size * mono_advance <= a4_portrait.width - 2 * margin);

constexpr std::uint32_t tab_width = 8;

// A row of characters without width would never be full.
constexpr std::size_t max_row_bytes = std::size_t{text_flow::columns} * 8;

class text_pages final : public page_source {
public:
  text_pages(std::vector<std::string> rows, std::uint64_t pages, bool counted)
    : rows_{std::move(rows)}, pages_{pages}, counted_{counted} {}

  std::uint32_t drawable_pages() const override {
    const auto kept = (rows_.size() + text_flow::rows_per_page - 1) / text_flow::rows_per_page;
    return std::max(1U, static_cast<std::uint32_t>(kept));
  }

  result<picture> draw(std::uint32_t index, std::uint32_t box) override {
    auto canvas = text_canvas::make(a4_portrait, box);
    if (!canvas)
      return fail(canvas.error());
    const auto first = std::size_t{index} * text_flow::rows_per_page;
    const auto last = std::min(rows_.size(), first + text_flow::rows_per_page);
    text_canvas::place where{margin, margin, a4_portrait.width - 2 * margin + font_size};
    for (auto row = first; row < last; ++row, where.y += row_height)
      canvas->write(rows_[row], where, {.size = font_size});
    return std::move(*canvas).finish();
  }

  nlohmann::json facts() const override {
    return counted_ ? nlohmann::json{{"pages", pages_}} : nlohmann::json::object();
  }

private:
  std::vector<std::string> rows_;
  std::uint64_t pages_;
  bool counted_;
};

} // namespace

void text_flow::add(std::string_view text) {
  const auto* at = text.data();
  const auto* const end = at + text.size();
  while (at < end) {
    const auto* next = g_utf8_next_char(at);
    put(g_utf8_get_char(at), {at, static_cast<std::size_t>(next - at)});
    at = next;
  }
}

void text_flow::put(std::uint32_t code_point, std::string_view bytes) {
  if (code_point == '\n')
    return end_row(std::move(row_));
  if (code_point == '\f')
    return start_page();
  if (code_point == '\t') {
    do
      put(' ', " ");
    while (column_ % tab_width != 0);
    return;
  }
  const auto width = columns_of(code_point);
  if (column_ + width > columns || row_.size() + bytes.size() > max_row_bytes) {
    // The space that a row is broken at is not carried over.
    if (code_point == ' ')
      return end_row(std::move(row_));
    wrap();
  }
  row_ += bytes;
  column_ += width;
  if (code_point == ' ')
    break_at_ = row_.size();
}

void text_flow::wrap() {
  if (break_at_ == 0)
    return end_row(std::move(row_));
  auto rest = row_.substr(break_at_);
  row_.resize(break_at_);
  end_row(std::move(row_));
  row_ = std::move(rest);
  column_ = static_cast<std::uint32_t>(columns_of(row_));
}

void text_flow::end_row(std::string row) {
  if (row_count_ < kept_rows_)
    rows_.push_back(std::move(row));
  ++row_count_;
  row_.clear();
  column_ = 0;
  break_at_ = 0;
}

void text_flow::start_page() {
  if (!row_.empty())
    end_row(std::move(row_));
  while (row_count_ % rows_per_page != 0)
    end_row({});
}

void text_flow::finish() {
  if (!row_.empty())
    end_row(std::move(row_));
}

std::uint64_t text_flow::pages() const {
  return std::max<std::uint64_t>(1, (row_count_ + rows_per_page - 1) / rows_per_page);
}

result<std::unique_ptr<page_source>> open_text(const opened_file& file, text_extent how) {
  auto reader = text_reader::open(file);
  if (!reader)
    return fail(reader.error());
  text_flow flow{how.kept_pages};
  bool ended = false;
  while (!ended && !(how.max_bytes && flow.is_full() && reader->bytes_read() >= *how.max_bytes)) {
    const auto piece = reader->next();
    if (!piece)
      return fail(piece.error());
    ended = piece->empty();
    flow.add(*piece);
  }
  flow.finish();
  const auto pages = flow.pages();
  return std::unique_ptr<page_source>{
    std::make_unique<text_pages>(std::move(flow).take_rows(), pages, ended)};
}

} // namespace mediad::media
