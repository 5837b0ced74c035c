#include "media/document/jobs.hpp"
#include "media/document/office/convert.hpp"
#include "media/document/office/scratch_directory.hpp"
#include "media/document/sources.hpp"
#include "media/document/text_file.hpp"

#include <fcntl.h>

namespace mediad::media {

result<job_result> document_text(const job& work, const job_context& context) {
  if (is_text(work.media_type))
    return write_text_of_file(context);
  if (office::find_format(work.media_type) == nullptr)
    return write_text_of_pdf(context.input, context);
  if (const auto made_before = (context.output / "document.pdf").open(O_RDONLY); made_before)
    return write_text_of_pdf(opened_file{made_before->get()}, context);
  const auto scratch = office::scratch_directory::make(work.output_dir);
  if (!scratch)
    return fail(scratch.error());
  const auto pdf = scratch->path() / "document.pdf";
  if (auto converted = make_document_pdf(pdf, work, context); !converted)
    return fail(converted.error());
  const auto made = open_file(pdf, O_RDONLY | O_NOFOLLOW);
  return made ? write_text_of_pdf(opened_file{made->get()}, context) : fail(made.error());
}

} // namespace mediad::media
