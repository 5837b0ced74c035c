#include "media/document/text_file.hpp"

#include "base/file.hpp"
#include "media/document/source/pdf.hpp"
#include "media/document/text/reader.hpp"

#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <glib.h>

namespace mediad::media {
namespace {

constexpr auto text_name = "text.txt";

/// text.txt while it grows.
class text_file {
public:
  static result<text_file> create(const job_context& context) {
    auto opened = (context.output / text_name).open(O_WRONLY | O_CREAT | O_TRUNC);
    if (!opened)
      return fail(opened.error());
    return text_file{std::move(*opened), context.options.limits.max_text_bytes};
  }

  /// Appends as many whole characters of @p text as there is room for.
  result<> append(std::string_view text) {
    const auto room = max_bytes_ - bytes_;
    if (text.size() > room) {
      truncated_ = true;
      const auto* cut = g_utf8_find_prev_char(text.data(), text.data() + room + 1);
      text = text.substr(0, cut == nullptr ? 0 : static_cast<std::size_t>(cut - text.data()));
    }
    auto written = write_all(fd_.get(), text, bytes_);
    if (written)
      bytes_ += text.size();
    return written;
  }

  bool is_full() const {
    return truncated_;
  }

  result<job_result> finish() && {
    if (auto closed = fd_.close(); !closed)
      return fail(closed.error());
    nlohmann::json facts{{"text_bytes", bytes_}};
    if (truncated_)
      facts["text_truncated"] = true;
    job_result made;
    made.media = facts.dump();
    made.files.emplace_back(made_file{text_name, "text/plain; charset=utf-8", 0, 0, 0, {}});
    return made;
  }

private:
  text_file(unique_fd fd, std::uint64_t max_bytes) : fd_{std::move(fd)}, max_bytes_{max_bytes} {}

  unique_fd fd_;
  std::uint64_t max_bytes_;
  std::uint64_t bytes_ = 0;
  bool truncated_ = false;
};

result<unique_fd> open_sheet(const job_context& context, std::size_t number) {
  return (context.output / ("sheet-" + std::to_string(number) + ".csv")).open(O_RDONLY);
}

/// Unpacks what RFC 4180 packs into quotes: cells have neither tabs nor line breaks then.
class cell_text {
public:
  std::string unpack(std::string_view csv) {
    std::string text;
    for (const char c : csv) {
      if (c == '"') {
        text += after_quote_ ? "\"" : "";
        after_quote_ = is_quoted_;
        is_quoted_ = !is_quoted_;
        continue;
      }
      after_quote_ = false;
      const bool is_break = c == '\n' || c == '\t';
      text += is_quoted_ && is_break ? ' ' : !is_quoted_ && c == ',' ? '\t' : c;
    }
    return text;
  }

private:
  bool is_quoted_ = false;
  bool after_quote_ = false; ///< A quote has ended the cell, or is the first of two.
};

result<> append_sheet(text_file& file, const opened_file& sheet) {
  auto reader = text_reader::open(sheet);
  if (!reader)
    return fail(reader.error());
  cell_text cells;
  while (!file.is_full()) {
    const auto piece = reader->next();
    if (!piece)
      return fail(piece.error());
    if (piece->empty())
      break;
    if (auto added = file.append(cells.unpack(*piece)); !added)
      return added;
  }
  return {};
}

} // namespace

result<job_result> write_text(std::string_view text, const job_context& context) {
  auto file = text_file::create(context);
  if (!file)
    return fail(file.error());
  if (auto added = file->append(text); !added)
    return fail(added.error());
  return std::move(*file).finish();
}

bool has_sheets(const job_context& context) {
  return open_sheet(context, 1).has_value();
}

result<job_result> write_text_of_sheets(const job_context& context) {
  auto file = text_file::create(context);
  if (!file)
    return fail(file.error());
  for (std::size_t i = 1; !file->is_full(); ++i) {
    const auto sheet = open_sheet(context, i);
    if (!sheet)
      break;
    if (auto begun = file->append(i > 1 ? "\f" : ""); !begun)
      return fail(begun.error());
    if (auto added = append_sheet(*file, opened_file{sheet->get()}); !added)
      return fail(added.error());
  }
  return std::move(*file).finish();
}

result<job_result> write_text_of_pdf(const opened_file& pdf, const job_context& context) {
  const auto document = pdf_document::open(pdf, context.options.limits);
  if (!document)
    return fail(document.error());
  auto file = text_file::create(context);
  if (!file)
    return fail(file.error());
  const auto pages = (*document)->drawable_pages();
  for (std::uint32_t i = 0; i < pages && !file->is_full(); ++i) {
    auto text = (*document)->text(i);
    if (!text && text.error().code == errc::too_large)
      break; // one such page is enough; what came before it is kept
    if (!text)
      return fail(text.error());
    if (i + 1 < pages)
      *text += '\f';
    if (auto added = file->append(*text); !added)
      return fail(added.error());
    context.progress(static_cast<double>(i + 1) / pages);
  }
  return std::move(*file).finish();
}

result<job_result> write_text_of_file(const job_context& context) {
  auto reader = text_reader::open(context.input);
  if (!reader)
    return fail(reader.error());
  auto file = text_file::create(context);
  if (!file)
    return fail(file.error());
  for (bool ended = false; !ended && !file->is_full();) {
    const auto piece = reader->next();
    if (!piece)
      return fail(piece.error());
    ended = piece->empty();
    if (auto added = file->append(*piece); !added)
      return fail(added.error());
  }
  return std::move(*file).finish();
}

} // namespace mediad::media
