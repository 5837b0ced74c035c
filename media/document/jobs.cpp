#include "media/document/listing.hpp"
#include "media/document/office/check.hpp"
#include "media/document/office/convert.hpp"
#include "media/document/office/scratch_directory.hpp"
#include "media/document/office/sheets.hpp"
#include "media/document/source/page_source.hpp"
#include "media/document/source/pdf.hpp"
#include "media/document/text/pages.hpp"
#include "media/document/text/table.hpp"
#include "media/document/text_file.hpp"
#include "media/encode/encode.hpp"
#include "media/encode/preview.hpp"
#include "media/job/module.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <limits>

namespace mediad::media {
namespace {

using source_pointer = std::unique_ptr<page_source>;

// How many pages a preview tries before it gives a damaged document up.
constexpr std::uint32_t max_damaged_pages = 5;

// How far a preview reads on, just to count the pages of a text.
constexpr std::uint64_t preview_text_bytes = 2U << 20U;

// Of an office document's pages job, this much is the conversion.
constexpr double conversion_share = 0.5;

bool is_table(std::string_view media_type) {
  return media_type == "text/csv" || media_type == "text/tab-separated-values";
}

bool is_text(std::string_view media_type) {
  return media_type == "text/plain" || is_table(media_type);
}

result<source_pointer> open_text_file(const job& work, text_extent how) {
  if (!is_table(work.media_type))
    return open_text(work.input, how);
  return open_table(work.input, work.media_type == "text/tab-separated-values" ? '\t' : '\0', how);
}

result<source_pointer> as_source(result<std::unique_ptr<pdf_document>> opened) {
  if (!opened)
    return fail(opened.error());
  return source_pointer{std::move(*opened)};
}

error unsupported(const job& work) {
  return fail(errc::unsupported_media, "no reader for documents of type " + work.media_type);
}

result<> convert_to(const std::filesystem::path& pdf, const job& work, const job_context& context,
                    std::uint32_t last_page) {
  const auto* format = find_office_format(work.media_type);
  if (format == nullptr)
    return fail(unsupported(work));
  if (auto checked = check_office_file(work.input, context.options.limits); !checked)
    return checked;
  // One page more than the limit shows that there are too many. A sheet is cut off instead: how
  // many pages its cells would fill is not what its author thinks of as its size.
  const bool cut = format->family == office_family::calc;
  const auto last = cut ? std::min(last_page, context.options.limits.max_pages) : last_page;
  const office_conversion what{work.input, pdf, *format, last};
  return office_to_pdf(what, context.options.document);
}

bool is_damage(const result<picture>& drawn) {
  return !drawn && drawn.error().code == errc::corrupt_media;
}

result<job_result> finish_preview(page_source& source, const job& work, const job_context& context,
                                  bool all_pages) {
  const auto box = context.options.preview.box;
  auto drawn = source.draw(0, box);
  // Of a damaged document the first page that can be had.
  const auto tried = std::min(source.drawable_pages(), max_damaged_pages);
  for (std::uint32_t i = 1; i < tried && is_damage(drawn); ++i)
    drawn = source.draw(i, box);
  if (!drawn)
    return fail(drawn.error());
  auto made = write_preview(*drawn, work, context);
  if (made && all_pages)
    made->media = source.facts().dump();
  return made;
}

result<job_result> preview_of_office_file(const job& work, const job_context& context) {
  const auto scratch = scratch_directory::make(work.output_dir);
  if (!scratch)
    return fail(scratch.error());
  const auto pdf = scratch->path() / "first.pdf";
  if (auto converted = convert_to(pdf, work, context, 1); !converted)
    return fail(converted.error());
  const auto opened = pdf_document::open(pdf, context.options.limits);
  if (!opened)
    return fail(opened.error());
  return finish_preview(**opened, work, context, false);
}

result<job_result> make_preview(const job& work, const job_context& context) {
  if (find_office_format(work.media_type) != nullptr)
    return preview_of_office_file(work, context);
  auto source = is_text(work.media_type)
                  ? open_text_file(work, {.kept_pages = 1, .max_bytes = preview_text_bytes})
                  : as_source(pdf_document::open(work.input, context.options.limits));
  if (!source)
    return fail(source.error());
  return finish_preview(**source, work, context, true);
}

// A PDF that an earlier job of this attempt made of the document is as good as a new one.
result<> make_document_pdf(const std::filesystem::path& pdf, const job& work,
                           const job_context& context) {
  std::error_code missing;
  if (std::filesystem::exists(pdf, missing))
    return {};
  return convert_to(pdf, work, context, context.options.limits.max_pages + 1);
}

result<std::vector<made_file>> draw_pages(page_source& source, const job& work,
                                          const job_context& context, double from) {
  const auto& options = context.options;
  const auto count = std::min(source.drawable_pages(), options.document.pages);
  std::vector<made_file> files;
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto drawn = source.draw(i, options.document.page_box);
    // What can be had of a damaged document is kept, and one page that takes too long is enough.
    if (is_damage(drawn) && (i + 1 < count || !files.empty()))
      continue;
    if (!drawn && drawn.error().code == errc::too_large && !files.empty())
      break;
    if (!drawn)
      return fail(drawn.error());
    const auto file =
      std::filesystem::path{work.output_dir} / ("page-" + std::to_string(i + 1) + ".webp");
    auto written = write_webp(*drawn, file, options.image.webp_quality, options.image.webp_method);
    if (!written)
      return fail(written.error());
    files.push_back(std::move(*written));
    context.progress(from + (1 - from) * (i + 1) / count);
  }
  return files;
}

result<job_result> make_pages(const job& work, const job_context& context) {
  const bool office = find_office_format(work.media_type) != nullptr;
  const auto pdf = office ? std::filesystem::path{work.output_dir} / "document.pdf"
                          : std::filesystem::path{work.input};
  auto office_time = office_time_for(work.input, context.options.document);
  if (office) {
    const auto before = std::chrono::steady_clock::now();
    if (auto converted = make_document_pdf(pdf, work, context); !converted)
      return fail(converted.error());
    office_time -= std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - before);
    context.progress(conversion_share);
  }
  auto source = is_text(work.media_type)
                  ? open_text_file(work, {context.options.document.pages, std::nullopt})
                  : as_source(pdf_document::open(pdf, context.options.limits));
  if (!source)
    return fail(source.error());
  auto files = draw_pages(**source, work, context, office ? conversion_share : 0);
  if (!files)
    return fail(files.error());
  job_result made;
  auto facts = (*source)->facts();
  made.files = std::move(*files);
  if (office) {
    made.files.emplace_back(made_file{"document.pdf", "application/pdf", 0, 0, 0, {}});
    // One deadline for both: a workbook that is slow to lay out may not hold the office twice.
    if (auto added = add_sheets(work, context, office_time, facts, made.files); !added)
      return fail(added.error());
  }
  made.media = facts.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return made;
}

result<job_result> make_text(const job& work, const job_context& context) {
  if (is_text(work.media_type))
    return write_text_of_file(work, context);
  if (find_office_format(work.media_type) == nullptr)
    return write_text_of_pdf(work.input, work, context);
  const auto made_before = std::filesystem::path{work.output_dir} / "document.pdf";
  std::error_code missing;
  if (std::filesystem::exists(made_before, missing))
    return write_text_of_pdf(made_before, work, context);
  const auto scratch = scratch_directory::make(work.output_dir);
  if (!scratch)
    return fail(scratch.error());
  const auto pdf = scratch->path() / "document.pdf";
  if (auto converted = make_document_pdf(pdf, work, context); !converted)
    return fail(converted.error());
  return write_text_of_pdf(pdf, work, context);
}

bool is_document(std::string_view media_type) {
  return media_type == "application/pdf" || is_text(media_type)
         || find_office_format(media_type) != nullptr;
}

} // namespace

result<job_result> run_document(const job& work, const job_context& context) {
  if (work.kind == job_kind::archive_listing)
    return list_archive(work, context);
  if (!is_document(work.media_type))
    return fail(unsupported(work));
  switch (work.kind) {
  case job_kind::document_preview: return make_preview(work, context);
  case job_kind::document_pages: return make_pages(work, context);
  case job_kind::document_text: return make_text(work, context);
  default:
    return fail(errc::bad_request, "not a document's job: " + std::string{to_string(work.kind)});
  }
}

} // namespace mediad::media
