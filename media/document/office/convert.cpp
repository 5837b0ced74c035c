#include "media/document/office/convert.hpp"

#include "media/document/office/process.hpp"
#include "media/document/office/run.hpp"
#include "media/document/office/scratch_directory.hpp"
#include "media/document/office/warm.hpp"

#include <algorithm>
#include <array>

namespace mediad::media {
namespace {

constexpr std::array<office_format, 10> formats{{
  // Forced, so that bytes which only claim to be of a type reach no other of its many readers. The
  // old binary formats have several readers each, one for every age: there LibreOffice looks.
  {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx",
   "MS Word 2007 XML", office_family::writer},
  {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx",
   "Calc MS Excel 2007 XML", office_family::calc},
  {"application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx",
   "Impress MS PowerPoint 2007 XML", office_family::impress},
  {"application/vnd.oasis.opendocument.text", "odt", "writer8", office_family::writer},
  {"application/vnd.oasis.opendocument.spreadsheet", "ods", "calc8", office_family::calc},
  {"application/vnd.oasis.opendocument.presentation", "odp", "impress8", office_family::impress},
  {"application/rtf", "rtf", "Rich Text Format", office_family::writer},
  {"application/msword", "doc", "", office_family::writer},
  {"application/vnd.ms-excel", "xls", "", office_family::calc},
  {"application/vnd.ms-powerpoint", "ppt", "", office_family::impress},
}};

program_run plan(const office_conversion& what, const std::filesystem::path& dir,
                 const std::string& source, const document_options& options) {
  auto arguments = office_arguments(dir);
  for (auto& word : conversion_arguments(what, source))
    arguments.push_back(std::move(word));
  return {options.office, std::move(arguments), dir, dir / "messages",
          office_time_for(what.input, options)};
}

} // namespace

const office_format* find_office_format(std::string_view media_type) {
  if (media_type == "text/rtf")
    media_type = "application/rtf";
  const auto* const found = std::find_if(formats.begin(), formats.end(), [&](const auto& format) {
    return format.media_type == media_type;
  });
  return found == formats.end() ? nullptr : found;
}

std::chrono::milliseconds office_time_for(const std::filesystem::path& input,
                                          const document_options& options) {
  constexpr std::uintmax_t mib = 1U << 20U;
  constexpr std::uintmax_t most_s = 24 * 3600;
  std::error_code failed;
  const auto bytes = std::filesystem::file_size(input, failed);
  const auto more = failed || bytes == 0 ? 0 : (bytes - 1) / mib * options.office_timeout_per_mib_s;
  return std::chrono::seconds{options.office_timeout_s + std::min(more, most_s)};
}

result<> office_to_pdf(const office_conversion& what, const document_options& options) {
  if (is_office_ready_for(what.input))
    return convert_in_ready_office(what, options);
  const auto scratch = scratch_directory::make(what.output.parent_path());
  if (!scratch)
    return fail(scratch.error());
  const auto& dir = scratch->path();
  if (auto made = make_office_profile(dir); !made)
    return made;
  const auto source = copy_with_extension(what, dir);
  if (!source)
    return fail(source.error());
  if (auto ran = run_program(plan(what, dir, *source, options)); !ran)
    return ran;
  return take_pdf(what, dir);
}

} // namespace mediad::media
