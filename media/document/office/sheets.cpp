#include "media/document/office/sheets.hpp"

#include "base/log.hpp"
#include "media/document/office/convert.hpp"
#include "media/document/office/process.hpp"
#include "media/document/office/run.hpp"
#include "media/document/office/scratch_directory.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <sys/stat.h>

namespace mediad::media::office {
namespace {

// The tokens of LibreOffice's CSV filter: comma, double quote, UTF-8, from line 1, …, cells as
// shown (8th), and every sheet into a file of its own (12th).
constexpr auto csv_filter =
  "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1";

struct sheet_file {
  std::filesystem::path path;
  std::string name; ///< The sheet's, percent-decoded no further than LibreOffice does.
  timespec written{};
  ino_t number = 0;
};

// LibreOffice calls them document-<sheet>.csv and writes them in the workbook's order.
std::vector<sheet_file> find_sheets(const std::filesystem::path& dir) {
  constexpr std::string_view before = "document-";
  constexpr std::string_view after = ".csv";
  std::vector<sheet_file> found;
  std::error_code failed;
  for (std::filesystem::directory_iterator entry{dir, failed}, end; !failed && entry != end;
       entry.increment(failed)) {
    const auto name = entry->path().filename().string();
    struct stat about {};
    if (!name.starts_with(before) || !name.ends_with(after)
        || ::lstat(entry->path().c_str(), &about) != 0 || !S_ISREG(about.st_mode))
      continue;
    found.push_back({entry->path(),
                     name.substr(before.size(), name.size() - before.size() - after.size()),
                     about.st_mtim, about.st_ino});
  }
  std::sort(found.begin(), found.end(), [](const sheet_file& a, const sheet_file& b) {
    return std::tie(a.written.tv_sec, a.written.tv_nsec, a.number)
           < std::tie(b.written.tv_sec, b.written.tv_nsec, b.number);
  });
  return found;
}

result<> run_office(const job_context& context, const file_format& format,
                    const std::filesystem::path& dir, std::chrono::milliseconds timeout) {
  if (auto made = make_profile(dir); !made)
    return made;
  const conversion what{context.input, dir / "unused", format, 1};
  const auto source = copy_with_extension(what, dir);
  if (!source)
    return fail(source.error());
  auto arguments = start_arguments(dir);
  arguments.insert(arguments.end(), {"--infilter=" + std::string{format.import_filter},
                                     "--convert-to", csv_filter, "--outdir", "made", *source});
  if (format.import_filter.empty())
    std::erase(arguments, "--infilter=");
  return run_program(
    {context.office.program, std::move(arguments), dir, dir / "messages", timeout});
}

} // namespace

result<> add_sheets(const job& work, const job_context& context, std::chrono::milliseconds left,
                    nlohmann::json& facts, std::vector<made_file>& files) {
  const auto& options = context.options.document;
  const auto* format = find_format(work.media_type);
  if (format == nullptr || format->opens_in != application::calc || options.sheets == 0)
    return {};
  const auto scratch = scratch_directory::make(work.output_dir);
  if (!scratch)
    return fail(scratch.error());
  if (auto ran = run_office(context, *format, scratch->path(), left); !ran) {
    if (ran.error().code != errc::timeout)
      return ran;
    log::warning("worker", "no sheets of " + work.file_id + ": " + ran.error().detail);
    return {};
  }
  auto sheets = find_sheets(scratch->path() / "made");
  sheets.resize(std::min<std::size_t>(sheets.size(), options.sheets));
  auto names = nlohmann::json::array();
  for (const auto& sheet : sheets) {
    const auto name = "sheet-" + std::to_string(names.size() + 1) + ".csv";
    std::error_code failed;
    std::filesystem::rename(sheet.path, std::filesystem::path{work.output_dir} / name, failed);
    if (failed)
      return fail_errno(failed.value(), "rename");
    files.emplace_back(made_file{name, "text/csv; charset=utf-8", 0, 0, 0, {}});
    names.push_back(sheet.name);
  }
  if (!names.empty())
    facts["sheets"] = std::move(names);
  return {};
}

} // namespace mediad::media::office
