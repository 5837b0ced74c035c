#include "media/document/sources.hpp"

#include "media/document/jobs.hpp"
#include "media/document/office/check.hpp"
#include "media/document/office/convert.hpp"
#include "media/document/package/book.hpp"
#include "media/document/source/pdf.hpp"
#include "media/document/text/table.hpp"

#include <algorithm>

namespace mediad::media {
namespace {

// What identify says of an office file with a password.
constexpr std::string_view locked_package = "application/x-ole-storage";
constexpr std::string_view tab_separated = "text/tab-separated-values";

bool is_table(std::string_view media_type) {
  return media_type == "text/csv" || media_type == tab_separated;
}

} // namespace

bool is_text(std::string_view media_type) {
  return media_type == "text/plain" || is_table(media_type);
}

bool is_document(std::string_view media_type) {
  return media_type == "application/pdf" || media_type == book_type || media_type == locked_package
         || is_text(media_type) || office::find_format(media_type) != nullptr;
}

result<std::unique_ptr<page_source>> open_pages(const opened_file& file, const job& work,
                                                const job_context& context, text_extent how) {
  if (is_table(work.media_type))
    return open_table(file, work.media_type == tab_separated ? '\t' : '\0', how);
  if (is_text(work.media_type))
    return open_text(file, how);
  if (work.media_type == locked_package)
    return fail(errc::password_protected, "an encrypted package");
  if (work.media_type == book_type)
    return open_book(context, how);
  auto opened = pdf_document::open(file, context.options.limits);
  if (!opened)
    return fail(opened.error());
  return std::unique_ptr<page_source>{std::move(*opened)};
}

result<> convert_to_pdf(const std::filesystem::path& pdf, const job& work,
                        const job_context& context, std::uint32_t last_page) {
  const auto* format = office::find_format(work.media_type);
  if (format == nullptr)
    return fail(errc::unsupported_media, "LibreOffice reads no " + work.media_type);
  if (auto checked = office::check_file(context.input, context.options.limits); !checked)
    return checked;
  // One page more than the limit shows that there are too many. A sheet is cut off instead: how
  // many pages its cells would fill is not what its author thinks of as its size.
  const bool cut = format->opens_in == office::application::calc;
  const auto last = cut ? std::min(last_page, context.options.limits.max_pages) : last_page;
  const office::conversion what{context.input, pdf, *format, last};
  return office::convert(what, context.office);
}

result<> make_document_pdf(const std::filesystem::path& pdf, const job& work,
                           const job_context& context) {
  std::error_code missing;
  if (std::filesystem::exists(pdf, missing))
    return {};
  return convert_to_pdf(pdf, work, context, context.options.limits.max_pages + 1);
}

bool is_damage(const result<picture>& drawn) {
  return !drawn && drawn.error().code == errc::corrupt_media;
}

} // namespace mediad::media
