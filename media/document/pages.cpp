#include "media/document/jobs.hpp"
#include "media/document/office/convert.hpp"
#include "media/document/office/sheets.hpp"
#include "media/document/package/own_picture.hpp"
#include "media/document/sources.hpp"
#include "media/encode/encode.hpp"
#include "media/job/facts.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <fcntl.h>
#include <string>

namespace mediad::media {
namespace {

// The part of an office document's pages job that is the conversion.
constexpr double conversion_share = 0.5;

struct drawn_pages {
  std::vector<made_file> files;
  bool are_all = true;  ///< None of those that were asked for is damaged.
  std::string ended_by; ///< The errc at a page that takes too long: those from it on are missing.
};

result<drawn_pages> draw_pages(page_source& source, const job_context& context, double from) {
  const auto& options = context.options;
  const auto count = std::min(source.drawable_pages(), options.document.pages);
  drawn_pages made;
  auto& files = made.files;
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto drawn = source.draw(i, options.document.page_box);
    // A damaged page is left out as long as another can be drawn; one page that takes too long
    // ends the job with those before it.
    made.are_all = made.are_all && !is_damage(drawn);
    if (is_damage(drawn) && (i + 1 < count || !files.empty()))
      continue;
    if (!drawn && drawn.error().code == errc::too_large) {
      made.ended_by = to_string(drawn.error().code);
      break;
    }
    if (!drawn)
      return fail(drawn.error());
    const auto file = context.output / ("page-" + std::to_string(i + 1) + ".webp");
    auto written = write_webp(*drawn, file, options.image.webp_quality, options.image.webp_method);
    if (!written)
      return fail(written.error());
    files.push_back(std::move(*written));
    context.progress(from + (1 - from) * (i + 1) / count);
  }
  return made;
}

/// For a document that LibreOffice cannot read, and that carries a picture of its first page.
result<job_result> page_of_own_picture(const job& work, const job_context& context) {
  const auto& options = context.options;
  const auto shown = own_picture(work.media_type, context, options.document.page_box);
  if (!shown)
    return fail(shown.error());
  auto page = write_webp(*shown, context.output / "page-1.webp", options.image.webp_quality,
                         options.image.webp_method);
  if (!page)
    return fail(page.error());
  job_result made;
  made.files.push_back(std::move(*page));
  return made;
}

} // namespace

result<job_result> document_pages(const job& work, const job_context& context) {
  const bool office = office::find_format(work.media_type) != nullptr;
  auto office_time = office::time_for(context.input, context.office);
  unique_fd made_pdf;
  if (office) {
    const auto pdf = std::filesystem::path{work.output_dir} / "document.pdf";
    const auto before = std::chrono::steady_clock::now();
    if (auto converted = make_document_pdf(pdf, work, context); !converted) {
      if (converted.error().code != errc::corrupt_media || !has_own_picture(work.media_type))
        return fail(converted.error());
      const auto shown = page_of_own_picture(work, context);
      return shown ? shown : fail(converted.error());
    }
    office_time -= std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - before);
    context.progress(conversion_share);
    auto opened = (context.output / "document.pdf").open(O_RDONLY);
    if (!opened)
      return fail(opened.error());
    made_pdf = std::move(*opened);
  }
  const auto pdf = office ? opened_file{made_pdf.get()} : context.input;
  auto source = open_pages(pdf, work, context, {context.options.document.pages, std::nullopt});
  if (!source)
    return fail(source.error());
  auto pages = draw_pages(**source, context, office ? conversion_share : 0);
  if (!pages)
    return fail(pages.error());
  job_result made;
  auto facts = (*source)->facts();
  if (!pages->are_all)
    facts["damage"] = incomplete_media;
  if (!pages->ended_by.empty())
    facts["pages_failed"] = pages->ended_by;
  made.files = std::move(pages->files);
  if (office) {
    made.files.emplace_back(made_file{"document.pdf", "application/pdf", 0, 0, 0, {}});
    // One deadline for both: a workbook that is slow to lay out may not hold the office twice.
    if (auto added = office::add_sheets(work, context, office_time, facts, made.files); !added)
      return fail(added.error());
  }
  made.media = facts.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return made;
}

} // namespace mediad::media
