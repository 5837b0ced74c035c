#include "media/document/jobs.hpp"
#include "media/document/office/convert.hpp"
#include "media/document/office/scratch_directory.hpp"
#include "media/document/sources.hpp"
#include "media/document/text_file.hpp"

namespace mediad::media {

result<job_result> document_text(const job& work, const job_context& context) {
  if (is_text(work.media_type))
    return write_text_of_file(work, context);
  if (office::find_format(work.media_type) == nullptr)
    return write_text_of_pdf(work.input, work, context);
  const auto made_before = std::filesystem::path{work.output_dir} / "document.pdf";
  std::error_code missing;
  if (std::filesystem::exists(made_before, missing))
    return write_text_of_pdf(made_before, work, context);
  const auto scratch = office::scratch_directory::make(work.output_dir);
  if (!scratch)
    return fail(scratch.error());
  const auto pdf = scratch->path() / "document.pdf";
  if (auto converted = make_document_pdf(pdf, work, context); !converted)
    return fail(converted.error());
  return write_text_of_pdf(pdf, work, context);
}

} // namespace mediad::media
