#include "storage/tree/folders.hpp"

#include "base/ulid.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <memory>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace mediad::storage {
namespace {

struct close_dir {
  void operator()(DIR* d) const noexcept {
    ::closedir(d);
  }
};

using open_dir = std::unique_ptr<DIR, close_dir>;

result<open_dir> open_list(const unique_fd& folder, const std::string& called) {
  const int own = ::fcntl(folder.get(), F_DUPFD_CLOEXEC, 0);
  if (own < 0)
    return fail_errno(errno, "dup " + called);
  open_dir dir{::fdopendir(own)};
  if (!dir) {
    ::close(own);
    return fail_errno(errno, "list " + called);
  }
  return dir;
}

/// The next names, at most @p at_most; none: that was all.
result<std::vector<std::string>> take_names(const open_dir& dir, const std::string& called,
                                            std::size_t at_most) {
  std::vector<std::string> names;
  while (names.size() < at_most) {
    errno = 0;
    const auto* entry = ::readdir(dir.get()); // NOLINT(concurrency-mt-unsafe): own stream.
    if (entry == nullptr && errno != 0)
      return fail_errno(errno, "list " + called);
    if (entry == nullptr)
      break;
    std::string name{static_cast<const char*>(entry->d_name)};
    if (name != "." && name != "..")
      names.push_back(std::move(name));
  }
  return names;
}

result<std::vector<std::string>> list_names(const unique_fd& folder, const std::string& called,
                                            std::size_t at_most) {
  const auto dir = open_list(folder, called);
  if (!dir)
    return fail(dir.error());
  auto names = take_names(*dir, called, at_most);
  if (names)
    std::sort(names->begin(), names->end());
  return names;
}

// A worker may have taken its own rights away. By descriptor, as chmod(2) follows symlinks.
void take_back_rights(int parent, const std::string& name) {
  const unique_fd fd{::openat(parent, name.c_str(), O_PATH | O_NOFOLLOW | O_DIRECTORY | O_CLOEXEC)};
  if (fd)
    static_cast<void>(::chmod(("/proc/self/fd/" + std::to_string(fd.get())).c_str(), folder_mode));
}

} // namespace

result<folders> folders::open(const std::filesystem::path& root) {
  std::error_code ec;
  auto absolute = std::filesystem::absolute(root, ec);
  if (ec)
    return fail_errno(ec.value(), "root " + root.string());
  auto fd = open_file(absolute, O_PATH | O_DIRECTORY);
  if (!fd)
    return fail(fd.error());
  return folders{absolute.lexically_normal(), std::move(*fd)};
}

result<unique_fd> folders::open_below(const std::string& relative, int flags) const {
  open_how how{};
  how.flags = static_cast<unsigned>(flags | O_CLOEXEC);
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  // The kernel answers EAGAIN when a rename elsewhere raced with a look-up that must stay beneath.
  constexpr int attempts = 64;
  for (int i = 0; i < attempts; ++i) {
    const auto fd = ::syscall(SYS_openat2, fd_.get(), relative.c_str(), &how, sizeof how);
    if (fd >= 0)
      return unique_fd{static_cast<int>(fd)};
    if (errno != EAGAIN && errno != EINTR)
      break;
  }
  const int reason = errno;
  const auto what = "open " + (path_ / relative).string();
  return reason == ELOOP ? fail(errc::storage_io, what + ": a symbolic link is in the way")
                         : fail_errno(reason, what);
}

result<unique_fd> folders::folder(const std::string& relative) const {
  return open_below(relative, O_RDONLY | O_DIRECTORY);
}

result<unique_fd> folders::file(const place& where, int flags) const {
  // openat2 refuses what means nothing, as O_NONBLOCK for a mere path.
  const int patience = (flags & O_PATH) != 0 ? 0 : O_NONBLOCK;
  return open_below(where.path(), flags | O_NOFOLLOW | patience);
}

result<std::optional<file_facts>> folders::look(const place& where) const {
  const std::optional<file_facts> nothing;
  const auto dir = folder(where.folder);
  if (!dir && dir.error().code == errc::not_found)
    return nothing;
  if (!dir)
    return fail(dir.error());
  struct stat about {};
  if (::fstatat(dir->get(), where.name.c_str(), &about, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT)
      return nothing;
    return fail_errno(errno, "look at " + where.path());
  }
  file_facts facts;
  facts.is_regular = S_ISREG(about.st_mode);
  facts.is_folder = S_ISDIR(about.st_mode);
  facts.mode = about.st_mode & ALLPERMS;
  facts.bytes = static_cast<std::uint64_t>(about.st_size);
  facts.inode = about.st_ino;
  return std::optional{facts};
}

bool folders::exists(const place& where) const {
  auto dir = folder(where.folder);
  struct stat about {};
  return dir && ::fstatat(dir->get(), where.name.c_str(), &about, AT_SYMLINK_NOFOLLOW) == 0;
}

result<bool> folders::make(const place& where) const {
  auto dir = folder(where.folder);
  if (!dir)
    return fail(dir.error());
  if (::mkdirat(dir->get(), where.name.c_str(), folder_mode) == 0)
    return true;
  const int reason = errno;
  if (reason != EEXIST)
    return fail_errno(reason, "make folder " + where.path());
  // Something is there; it will do if it is a folder.
  auto there = folder(where.path());
  if (!there)
    return fail(there.error());
  return false;
}

result<std::vector<std::string>> folders::names(const std::string& relative) const {
  auto dir = folder(relative);
  if (!dir)
    return fail(dir.error());
  return list_names(*dir, relative, SIZE_MAX);
}

result<> folders::list(const std::string& relative,
                       const std::function<result<>(std::vector<std::string>)>& some) const {
  constexpr std::size_t at_once = 512;
  const auto fd = folder(relative);
  if (!fd)
    return fail(fd.error());
  const auto dir = open_list(*fd, relative);
  if (!dir)
    return fail(dir.error());
  for (;;) {
    auto names = take_names(*dir, relative, at_once);
    if (!names)
      return fail(names.error());
    if (names->empty())
      return {};
    if (auto ok = some(std::move(*names)); !ok)
      return ok;
  }
}

result<> folders::empty_folder(const place& what, const std::function<void(place)>& moved) const {
  // A hostile worker may have left millions.
  constexpr std::size_t at_once = 4096;
  auto trash = folder("system/trash");
  if (!trash)
    return fail(trash.error());
  for (;;) {
    auto dir = folder(what.path());
    if (!dir)
      return fail(dir.error());
    const auto inside = list_names(*dir, what.path(), at_once);
    if (!inside)
      return fail(inside.error());
    if (inside->empty())
      return {};
    for (const auto& name : *inside) {
      if (::unlinkat(dir->get(), name.c_str(), 0) == 0 || errno == ENOENT)
        continue;
      if (errno != EISDIR && errno != EPERM)
        return fail_errno(errno, "remove " + what.path() + "/" + name);
      take_back_rights(dir->get(), name);
      const place heap{"system/trash", make_ulid()};
      if (::renameat(dir->get(), name.c_str(), trash->get(), heap.name.c_str()) != 0)
        return fail_errno(errno, "move to trash " + what.path() + "/" + name);
      moved(heap);
    }
  }
}

result<> folders::rename(const place& from, const place& to) const {
  const auto source = folder(from.folder);
  const auto target = folder(to.folder);
  if (!source || !target)
    return fail(source ? target.error() : source.error());
  if (::renameat2(source->get(), from.name.c_str(), target->get(), to.name.c_str(),
                  RENAME_NOREPLACE)
      == 0)
    return {};
  const int reason = errno;
  const auto what = "rename " + from.path() + " to " + to.path();
  return reason == EEXIST ? fail(errc::conflict, what + ": it exists") : fail_errno(reason, what);
}

// Folders within folders are moved to the trash first and emptied from there: a tree a million
// levels deep, as a hostile worker may leave it, needs neither stack nor descriptors.
result<> folders::remove(const place& what) const {
  std::vector<place> heaps{what};
  while (!heaps.empty()) {
    const auto next = heaps.back();
    heaps.pop_back();
    auto parent = folder(next.folder);
    if (!parent)
      return parent.error().code == errc::not_found ? result<>{} : fail(parent.error());
    if (::unlinkat(parent->get(), next.name.c_str(), 0) == 0 || errno == ENOENT)
      continue;
    if (errno != EISDIR && errno != EPERM)
      return fail_errno(errno, "remove " + next.path());
    // Most are empty by then.
    if (::unlinkat(parent->get(), next.name.c_str(), AT_REMOVEDIR) == 0 || errno == ENOENT)
      continue;
    take_back_rights(parent->get(), next.name);
    if (auto done = empty_folder(next, [&heaps](place p) { heaps.push_back(std::move(p)); }); !done)
      return done;
    if (::unlinkat(parent->get(), next.name.c_str(), AT_REMOVEDIR) != 0 && errno != ENOENT)
      return fail_errno(errno, "remove " + next.path());
  }
  return {};
}

} // namespace mediad::storage
