#include "media/document/office/convert.hpp"

#include "media/document/office/process.hpp"
#include "media/document/office/run.hpp"
#include "media/document/office/scratch_directory.hpp"
#include "media/document/office/warm.hpp"

#include <algorithm>

namespace mediad::media::office {
namespace {

program_run plan(const conversion& what, const std::filesystem::path& dir,
                 const std::string& source, const office_options& options) {
  auto arguments = start_arguments(dir);
  for (auto& word : conversion_arguments(what, source))
    arguments.push_back(std::move(word));
  return {options.program, std::move(arguments), dir, dir / "messages",
          time_for(what.input, options)};
}

} // namespace

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
