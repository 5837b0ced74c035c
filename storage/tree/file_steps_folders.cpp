#include "base/file.hpp"
#include "storage/tree/file_steps.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <unistd.h>

/// Folders of people that get another name or place.
namespace mediad::storage {
namespace {

constexpr std::string_view note_prefix = "rename-";
constexpr char end = '\0'; ///< Ends each path in a note.

} // namespace

std::optional<std::string> redirected(const std::string& path, const std::string& from,
                                      const std::string& to) {
  const bool is_it = path == from;
  const bool is_below = path.size() > from.size() && path[from.size()] == '/'
                        && path.compare(0, from.size(), from) == 0;
  if (!is_it && !is_below)
    return std::nullopt;
  return to + path.substr(from.size());
}

place rename_note(std::uint64_t number) {
  return {work_folder, std::string{note_prefix} + std::to_string(number)};
}

std::optional<std::uint64_t> number_of_note(std::string_view name) {
  if (name.substr(0, note_prefix.size()) != note_prefix)
    return std::nullopt;
  name.remove_prefix(note_prefix.size());
  std::uint64_t n = 0;
  const auto [stop, problem] = std::from_chars(name.data(), name.data() + name.size(), n);
  return problem == std::errc{} && stop == name.data() + name.size() ? std::optional{n}
                                                                     : std::nullopt;
}

std::string encode_note(const std::vector<file_steps::folder_rename>& all) {
  std::string text;
  for (const auto& one : all)
    (text.append(one.from.path()) += end).append(one.to.path()) += end;
  return text;
}

std::vector<file_steps::folder_rename> parse_note(std::string_view text) {
  const auto next = [&text]() -> std::optional<std::string_view> {
    const auto at = text.find(end);
    if (at == std::string_view::npos)
      return std::nullopt;
    const auto path = text.substr(0, at);
    text.remove_prefix(at + 1);
    return path;
  };
  std::vector<file_steps::folder_rename> all;
  for (;;) {
    const auto from = next();
    const auto to = next();
    if (!from || !to)
      return all;
    all.push_back({place_of(*from), place_of(*to)});
  }
}

result<> file_steps::rename_folders(std::uint64_t number, const std::vector<folder_rename>& all) {
  if (auto ok = write_note(number, all); !ok)
    return ok;
  for (const auto& one : all)
    if (auto ok = rename_folder(one.from, one.to); !ok && ok.error().code != errc::not_found)
      return ok;
  return {};
}

result<> file_steps::write_note(std::uint64_t number, const std::vector<folder_rename>& all) {
  const auto note = rename_note(number);
  if (auto ok = create(note); !ok)
    return ok;
  remove_later(note);
  auto fd = root_.file(note, O_WRONLY);
  if (!fd)
    return fail(fd.error());
  if (auto ok = write_all(fd->get(), encode_note(all), 0); !ok)
    return ok;
  if (::fsync(fd->get()) != 0)
    return fail_errno(errno, "sync " + note.path());
  const auto folder_fd = folder(note.folder);
  if (!folder_fd)
    return fail(folder_fd.error());
  return ::fsync(*folder_fd) == 0 ? result<>{} : fail_errno(errno, "sync " + note.folder);
}

result<> file_steps::rename_folder(const place& from, const place& to) {
  if (auto ok = rename(from, to, RENAME_NOREPLACE); !ok)
    return ok;
  undo_.push_back({undo_kind::rename_back, from, to});
  redirect(from.path(), to.path());
  return {};
}

void file_steps::redirect(const std::string& from, const std::string& to) {
  std::erase_if(open_, [&](const auto& entry) { return redirected(entry.first, from, to); });
  for (auto& entry : removals_)
    if (auto folder_now = redirected(entry.what.folder, from, to)) {
      entry.what.folder = std::move(*folder_now);
      note(entry.what);
    }
}

} // namespace mediad::storage
