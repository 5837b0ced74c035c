#include "command/checks.hpp"

#include "command/instance.hpp"
#include "command/sandbox_check.hpp"
#include "storage/tree/layout.hpp"

#include <cstdlib>
#include <unistd.h>

namespace mediad::command {

namespace {

void report_folders(std::string_view what, const std::vector<storage::folder_report>& folders,
                    report& r) {
  std::size_t broken = 0;
  for (const auto& f : folders) {
    if (f.problem.empty())
      continue;
    ++broken;
    r.failed(what, f.folder.string() + ": " + f.problem);
  }
  if (broken == 0)
    r.ok(what, std::to_string(folders.size()) + (folders.size() == 1 ? " folder" : " folders")
                 + ", writable and within reach of hard links");
}

bool is_unused(const std::filesystem::path& root) {
  std::error_code failed;
  return !std::filesystem::exists(root, failed) || std::filesystem::is_empty(root, failed);
}

void report_sandbox(const std::string& name, const media::sandbox_report& sandbox, bool is_required,
                    report& r) {
  const auto parts = "sandbox: " + media::describe_parts(sandbox);
  if (sandbox.is_complete())
    return r.ok(name, "starts; " + parts);
  const auto missing = "not given by this system: " + media::describe_missing(sandbox);
  if (is_required)
    r.failed(name, missing + " (sandbox.required)");
  else
    r.ok(name, "starts; " + parts + "; " + missing);
}

} // namespace

void check_folders(const std::filesystem::path& root, report& r) {
  r.section("Folders in " + root.string());
  if (is_unused(root)) {
    const auto made = storage::create_layout(root);
    if (!made)
      return r.failed("data folder", made.error().detail);
    r.ok("data folder", "was empty; laid out as the first start would");
  }
  report_folders("user root and its folders", storage::check_user_root(root), r);
  report_folders("store root and its folders", storage::check_store_root(root), r);
  report_folders("system root and its folders", storage::check_system_root(root), r);
}

void check_tools(const config::settings& s, report& r) {
  r.section("Tools");
  for (const auto kind :
       {media::worker_kind::light, media::worker_kind::deep_image, media::worker_kind::av,
        media::worker_kind::document, media::worker_kind::office}) {
    const auto name = "worker for " + std::string{media::to_string(kind)};
    if (const auto sandbox = ask_for_sandbox(worker_program(), s.media, kind))
      report_sandbox(name, *sandbox, s.media.sandbox.required, r);
    else
      r.failed(name, sandbox.error().detail);
  }
  const auto& office = s.media.office.program;
  if (const auto found = find_program(office))
    r.ok("LibreOffice", found->string());
  else
    r.failed("LibreOffice",
             office + " is not there (document.office): office documents will end as failed");
}

void check_free_space(const storage::settings& s, report& r) {
  r.section("Free space");
  std::error_code failed;
  const auto space = std::filesystem::space(s.root, failed);
  if (failed)
    return r.failed("disk", s.root.string() + ": " + failed.message());
  const auto mebibytes = [](std::uint64_t bytes) {
    return std::to_string(bytes >> 20U) + " MiB";
  };
  const auto detail = mebibytes(space.available) + " free, " + mebibytes(s.min_free_bytes)
                      + " must stay (storage.min_free)";
  if (space.available < s.min_free_bytes)
    r.failed("disk", detail + ": uploads are refused");
  else
    r.ok("disk", detail);
}

std::optional<std::filesystem::path> find_program(const std::string& program) {
  const auto is_program = [](const std::filesystem::path& file) {
    std::error_code failed;
    return std::filesystem::is_regular_file(file, failed) && ::access(file.c_str(), X_OK) == 0;
  };
  if (program.find('/') != std::string::npos)
    return is_program(program) ? std::optional{std::filesystem::path{program}} : std::nullopt;
  const auto* path =
    std::getenv("PATH"); // NOLINT(concurrency-mt-unsafe): no thread changes the environment
  std::string_view rest{path != nullptr ? path : ""};
  while (!rest.empty()) {
    const auto colon = std::min(rest.find(':'), rest.size());
    auto file = std::filesystem::path{rest.substr(0, colon)} / program;
    if (is_program(file))
      return file;
    rest.remove_prefix(std::min(colon + 1, rest.size()));
  }
  return std::nullopt;
}

} // namespace mediad::command
