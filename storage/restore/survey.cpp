#include "storage/restore/survey.hpp"

#include "base/log.hpp"
#include "base/sha256.hpp"
#include "base/user_name.hpp"
#include "storage/tree/file_steps.hpp"
#include "storage/tree/names.hpp"
#include "storage/tree/paths.hpp"

#include <algorithm>
#include <fcntl.h>
#include <optional>
#include <string_view>
#include <sys/stat.h>
#include <utility>

namespace mediad::storage {
namespace {

unix_ms to_ms(const statx_timestamp& t) {
  constexpr unix_ms thousand = 1'000;
  return t.tv_sec * thousand + t.tv_nsec / 1'000'000;
}

std::string below(const std::string& path, const std::string& name) {
  return path.empty() ? name : path + "/" + name;
}

class surveyor {
public:
  explicit surveyor(const folders& root) : root_{root}, steps_{root, tools_} {}

  result<survey> run() {
    auto done = read_blobs();
    if (done)
      done = read_users();
    if (done)
      done = steps_.sync();
    return done ? result<survey>{std::move(found_)} : fail(done.error());
  }

private:
  std::optional<struct statx> look_at(const place& where) const;
  result<> read_blobs();
  result<> read_users();
  result<> read_user(const std::string& user);
  result<> look_at_entry(const std::string& user, const std::string& path, const std::string& name,
                         std::vector<std::string>& open);
  result<> add_name(const place& where, const struct statx& about, found_name name);
  result<std::string> digest_of(const place& where, ino_t inode);
  bool is_in_all_trees(const std::string& user, const std::string& path) const;

  const folders& root_;
  step_tools tools_;
  file_steps steps_;
  survey found_;
};

std::optional<struct statx> surveyor::look_at(const place& where) const {
  const auto fd = root_.file(where, O_PATH);
  struct statx about {};
  if (!fd || ::statx(fd->get(), "", AT_EMPTY_PATH, STATX_BASIC_STATS | STATX_BTIME, &about) != 0)
    return std::nullopt;
  return about;
}

result<> surveyor::read_blobs() {
  for (unsigned i = 0; i < shard_count; ++i) {
    const auto folder = "store/blobs/" + shard_name(i);
    const auto names = root_.names(folder);
    if (!names)
      return fail(names.error());
    for (const auto& name : *names)
      if (const auto about = look_at({folder, name}))
        found_.blobs.push_back({about->stx_ino, {folder, name}});
  }
  std::sort(found_.blobs.begin(), found_.blobs.end(),
            [](const found_blob& a, const found_blob& b) { return a.inode < b.inode; });
  return {};
}

result<> surveyor::read_users() {
  const auto users = root_.names("users");
  if (!users)
    return fail(users.error());
  for (const auto& user : *users)
    if (is_user_name(user))
      if (auto ok = read_user(user); !ok)
        return ok;
  return {};
}

/// Folder after folder, from the root folder down.
result<> surveyor::read_user(const std::string& user) {
  std::vector<std::string> open{{}};
  while (!open.empty()) {
    const auto path = std::move(open.back());
    open.pop_back();
    const auto names = root_.names(user_folder(user, "originals", path));
    if (!names && names.error().code == errc::not_found)
      continue;
    if (!names)
      return fail(names.error());
    for (const auto& name : *names)
      if (auto ok = look_at_entry(user, path, name, open); !ok)
        return ok;
  }
  return {};
}

result<> surveyor::look_at_entry(const std::string& user, const std::string& path,
                                 const std::string& name, std::vector<std::string>& open) {
  const place where{user_folder(user, "originals", path), name};
  const auto about = look_at(where);
  if (!about)
    return {};
  if (S_ISDIR(about->stx_mode)) {
    auto inside = below(path, name);
    if (is_in_all_trees(user, inside))
      found_.folders.push_back({user, inside});
    if (std::count(inside.begin(), inside.end(), '/')
        < static_cast<std::ptrdiff_t>(max_visited_depth))
      open.push_back(std::move(inside));
    return {};
  }
  if (!S_ISREG(about->stx_mode) || (about->stx_mode & ALLPERMS) != stored_mode)
    return {};
  return add_name(where, *about, {user, path, name, {}, 0, 0, 0, {}, false});
}

bool surveyor::is_in_all_trees(const std::string& user, const std::string& path) const {
  return std::all_of(user_folders.begin(), user_folders.end(), [&](std::string_view kind) {
    return root_.folder(user_folder(user, kind, path)).has_value();
  });
}

result<> surveyor::add_name(const place& where, const struct statx& about, found_name name) {
  auto digest = digest_of(where, about.stx_ino);
  if (!digest) {
    log::error("storage", digest.error());
    found_.unreadable.push_back(where);
    return {};
  }
  name.sha256 = std::move(*digest);
  name.bytes = static_cast<std::uint64_t>(about.stx_size);
  const auto written = to_ms(about.stx_mtime);
  // Not every file system knows when a file was made; a new name changes the status.
  name.born_at = to_ms((about.stx_mask & STATX_BTIME) != 0 ? about.stx_btime : about.stx_ctime);
  // No file is written before it is made.
  name.modified_at = written < name.born_at ? written : 0;
  found_.names.push_back(std::move(name));
  return {};
}

result<std::string> surveyor::digest_of(const place& where, ino_t inode) {
  const auto known =
    std::lower_bound(found_.blobs.begin(), found_.blobs.end(), inode,
                     [](const found_blob& blob, ino_t wanted) { return blob.inode < wanted; });
  if (known != found_.blobs.end() && known->inode == inode && is_sha256(known->where.name))
    return known->where.name;
  const auto fd = root_.file(where, O_RDONLY);
  if (!fd)
    return fail(fd.error());
  auto digest = sha256_of_file(opened_file{fd->get()});
  if (!digest)
    return digest;
  const auto stored = blob_place(*digest);
  if (root_.exists(stored))
    return digest;
  auto done = steps_.settle();
  if (done)
    done = steps_.link_new(where, stored);
  if (!done)
    return fail(done.error());
  found_.blobs.insert(known, {inode, stored});
  return digest;
}

} // namespace

result<survey> survey_disk(const folders& root) {
  return surveyor{root}.run();
}

} // namespace mediad::storage
