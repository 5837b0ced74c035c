#include "storage/tree/layout.hpp"

#include "base/file.hpp"
#include "base/user_name.hpp"

#include <algorithm>
#include <cerrno>
#include <sys/stat.h>
#include <unistd.h>

namespace mediad::storage {
namespace {

namespace fs = std::filesystem;

/// @returns whether it was made now.
result<bool> make_folder(const fs::path& folder) {
  if (::mkdir(folder.c_str(), folder_mode) == 0)
    return true;
  const int reason = errno;
  if (reason != EEXIST)
    return fail_errno(reason, "make folder " + folder.string());
  struct stat about {};
  if (::lstat(folder.c_str(), &about) != 0)
    return fail_errno(errno, "look at folder " + folder.string());
  if (S_ISDIR(about.st_mode))
    return false;
  return fail(errc::storage_io, folder.string() + ": "
                                  + (S_ISLNK(about.st_mode) ? "a symbolic link" : "a file")
                                  + " is in the place of a folder");
}

/// Makes @p names in @p parent and syncs it if there was anything to make.
template <class Names>
result<> make_all(const fs::path& parent, const Names& names) {
  bool made = false;
  for (const auto& name : names) {
    const auto one = make_folder(parent / name);
    if (!one)
      return fail(one.error());
    made = made || *one;
  }
  return made ? sync_directory(parent) : result<>{};
}

std::vector<std::string> all_shards() {
  std::vector<std::string> names;
  names.reserve(shard_count);
  for (unsigned i = 0; i < shard_count; ++i)
    names.push_back(shard_name(i));
  return names;
}

result<> make_root(const fs::path& root) {
  std::error_code ec;
  if (fs::is_directory(root, ec))
    return {};
  fs::create_directories(root, ec);
  if (ec)
    return fail_errno(ec.value(), "make folder " + root.string());
  if (::chmod(root.c_str(), folder_mode) != 0)
    return fail_errno(errno, "set the mode of " + root.string());
  const auto parent = fs::absolute(root, ec).lexically_normal().parent_path();
  return sync_directory(parent);
}

// A person may have removed a folder; a known user always has all of them.
result<> complete_users(const fs::path& users) {
  std::error_code ec;
  for (fs::directory_iterator it{users, ec}, end; !ec && it != end; it.increment(ec)) {
    std::error_code odd;
    const auto about = it->symlink_status(odd);
    if (!odd && fs::is_directory(about) && is_user_name(it->path().filename().string()))
      if (auto ok = make_all(it->path(), user_folders); !ok)
        return ok;
  }
  return ec ? fail_errno(ec.value(), "list " + users.string()) : result<>{};
}

/// The four folders in users/@p name, synced if one was missing.
result<> make_kinds(const folders& root, const std::string& name) {
  bool any = false;
  for (const auto& kind : user_folders) {
    const auto made = root.make({"users/" + name, std::string{kind}});
    if (!made)
      return fail(made.error());
    any = any || *made;
  }
  return any ? sync_directory(root.path() / "users" / name) : result<>{};
}

// The folder gets the user's name when it is whole, so that no reader finds a part of it, `mediad
// doctor` beside a running server least of all. No user's name begins with a dot.
result<> make_user(const folders& root, const std::string& user) {
  const place unfinished{"users", "." + user};
  auto made = root.make(unfinished);
  auto done = made ? make_kinds(root, unfinished.name) : fail(made.error());
  if (done)
    done = root.rename(unfinished, {"users", user});
  // An inspection may have made it meanwhile, beside the owner of the storage.
  if (!done && root.exists({"users", user}))
    return {};
  return done ? sync_directory(root.path() / "users") : done;
}

/// Makes each folder of @p path below @p parent. Not synced: the next start makes them again.
result<> make_path(const folders& root, std::string parent, std::string_view path) {
  while (!path.empty()) {
    const auto name = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(path.size(), name.size() + 1));
    if (auto made = root.make({parent, std::string{name}}); !made)
      return fail(made.error());
    parent.append("/").append(name);
  }
  return {};
}

} // namespace

result<> create_layout(const fs::path& root) {
  if (auto ok = make_root(root); !ok)
    return ok;
  if (auto ok = make_all(root, std::array<std::string_view, 3>{"users", "store", "system"}); !ok)
    return ok;
  if (auto ok = make_all(root / "system", system_folders); !ok)
    return ok;
  if (auto ok = make_all(root / "store", store_folders); !ok)
    return ok;
  const auto shards = all_shards();
  for (const auto& kind : store_folders)
    if (auto ok = make_all(root / "store" / kind, shards); !ok)
      return ok;
  return complete_users(root / "users");
}

result<> create_user_folders(const folders& root, std::string_view user, std::string_view path) {
  const std::string own{user};
  const auto there = root.look({"users", own});
  if (!there)
    return fail(there.error());
  if (!*there)
    if (auto ok = make_user(root, own); !ok)
      return ok;
  if (auto ok = make_kinds(root, own); !ok)
    return ok;
  for (const auto& kind : user_folders)
    if (auto ok = make_path(root, user_folder(user, kind), path); !ok)
      return ok;
  return {};
}

} // namespace mediad::storage
