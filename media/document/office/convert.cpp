#include "media/document/office/convert.hpp"

#include "media/document/office/process.hpp"
#include "media/document/office/run.hpp"
#include "media/document/office/scratch_directory.hpp"
#include "media/document/office/warm.hpp"

#include <algorithm>
#include <array>

namespace mediad::media::office {
namespace {

constexpr std::array<file_format, 10> formats{{
  // Forced, so that bytes which only claim to be of a type reach no other of its many readers. The
  // old binary formats have several readers each, one for every age: there LibreOffice looks.
  {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx",
   "MS Word 2007 XML", application::writer},
  {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx",
   "Calc MS Excel 2007 XML", application::calc},
  {"application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx",
   "Impress MS PowerPoint 2007 XML", application::impress},
  {"application/vnd.oasis.opendocument.text", "odt", "writer8", application::writer},
  {"application/vnd.oasis.opendocument.spreadsheet", "ods", "calc8", application::calc},
  {"application/vnd.oasis.opendocument.presentation", "odp", "impress8", application::impress},
  {"application/rtf", "rtf", "Rich Text Format", application::writer},
  {"application/msword", "doc", "", application::writer},
  {"application/vnd.ms-excel", "xls", "", application::calc},
  {"application/vnd.ms-powerpoint", "ppt", "", application::impress},
}};

program_run plan(const conversion& what, const std::filesystem::path& dir,
                 const std::string& source, const office_options& options) {
  auto arguments = start_arguments(dir);
  for (auto& word : conversion_arguments(what, source))
    arguments.push_back(std::move(word));
  return {options.program, std::move(arguments), dir, dir / "messages",
          time_for(what.input, options)};
}

} // namespace

const file_format* find_format(std::string_view media_type) {
  if (media_type == "text/rtf")
    media_type = "application/rtf";
  const auto* const found = std::find_if(formats.begin(), formats.end(), [&](const auto& format) {
    return format.media_type == media_type;
  });
  return found == formats.end() ? nullptr : found;
}

const file_format& open_format_of(const file_format& format) {
  constexpr std::array<std::string_view, 3> extensions{"odt", "ods", "odp"};
  const auto wanted = extensions.at(static_cast<std::size_t>(format.opens_in));
  return *std::find_if(formats.begin(), formats.end(),
                       [&](const auto& known) { return known.extension == wanted; });
}

std::chrono::milliseconds time_for(const opened_file& input, const office_options& options) {
  constexpr std::uint64_t mib = 1U << 20U;
  constexpr std::uint64_t max_s = 24 * 3600;
  const auto bytes = input.size();
  const auto more = bytes && *bytes > 0 ? (*bytes - 1) / mib * options.timeout_per_mib_s : 0;
  return std::chrono::seconds{options.timeout_s + std::min(more, max_s)};
}

result<> convert(const conversion& what, const office_options& options) {
  if (is_ready_for(what.input))
    return convert_in_ready_office(what, options);
  const auto scratch = scratch_directory::make(what.output.parent_path());
  if (!scratch)
    return fail(scratch.error());
  const auto& dir = scratch->path();
  if (auto made = make_profile(dir); !made)
    return made;
  const auto source = copy_with_extension(what, dir);
  if (!source)
    return fail(source.error());
  if (auto ran = run_program(plan(what, dir, *source, options)); !ran)
    return ran;
  return take_made(what, dir);
}

} // namespace mediad::media::office
