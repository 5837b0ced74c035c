#include "media/document/office/text.hpp"

#include "media/document/jobs.hpp"
#include "media/document/office/check.hpp"
#include "media/document/office/convert.hpp"
#include "media/document/office/scratch_directory.hpp"
#include "media/document/package/book.hpp"
#include "media/document/package/own_picture.hpp"
#include "media/document/sources.hpp"
#include "media/document/text_file.hpp"

#include <fcntl.h>

namespace mediad::media {
namespace {

// What the old formats hold, by way of OpenDocument; empty if LibreOffice does not get there: then
// the PDF has to do.
std::string text_of_old_format(const office::file_format& format, const std::filesystem::path& dir,
                               const job_context& context) {
  const auto& made_format = office::open_format_of(format);
  const office::conversion what{context.input, dir / "document.open", format, 1,
                                office::target::open_document};
  if (!office::convert(what, context.office))
    return {};
  const auto made = open_file(what.output, O_RDONLY | O_NOFOLLOW);
  return made ? office::text_of(opened_file{made->get()}, made_format, context.options.limits)
              : std::string{};
}

result<job_result> write_text_of_office_pdf(const std::filesystem::path& dir, const job& work,
                                            const job_context& context) {
  if (const auto made_before = (context.output / "document.pdf").open(O_RDONLY); made_before)
    return write_text_of_pdf(opened_file{made_before->get()}, context);
  const auto pdf = dir / "document.pdf";
  if (auto converted = make_document_pdf(pdf, work, context); !converted)
    return fail(converted.error());
  const auto made = open_file(pdf, O_RDONLY | O_NOFOLLOW);
  return made ? write_text_of_pdf(opened_file{made->get()}, context) : fail(made.error());
}

// From the document itself, where it can be read there: the PDF knows no letter for which there was
// no font, and many scripts in another order.
result<job_result> text_of_office_file(const office::file_format& format, const job& work,
                                       const job_context& context) {
  if (auto checked = office::check_file(context.input, context.options.limits); !checked)
    return fail(checked.error());
  if (format.opens_in == office::application::calc && has_sheets(context))
    return write_text_of_sheets(context);
  auto text = office::text_of(context.input, format, context.options.limits);
  if (!text.empty())
    return write_text(text, context);
  const bool has_pdf = static_cast<bool>((context.output / "document.pdf").open(O_RDONLY));
  if (has_own_picture(work.media_type) && !has_pdf)
    return job_result{}; // its pages are that picture, because LibreOffice could not read it
  const auto scratch = office::scratch_directory::make(work.output_dir);
  if (!scratch)
    return fail(scratch.error());
  // Only if pages were made is LibreOffice known to open it.
  if (!office::is_read_here(format) && has_pdf)
    text = text_of_old_format(format, scratch->path(), context);
  return text.empty() ? write_text_of_office_pdf(scratch->path(), work, context)
                      : write_text(text, context);
}

} // namespace

result<job_result> document_text(const job& work, const job_context& context) {
  if (is_text(work.media_type))
    return write_text_of_file(context);
  if (work.media_type == book_type) {
    const auto text = open_book_text(context);
    if (!text)
      return fail(text.error());
    auto inside = context;
    inside.input = opened_file{text->get()};
    return write_text_of_file(inside);
  }
  const auto* format = office::find_format(work.media_type);
  return format == nullptr ? write_text_of_pdf(context.input, context)
                           : text_of_office_file(*format, work, context);
}

} // namespace mediad::media
