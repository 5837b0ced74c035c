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

} // namespace

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
