#include "storage/tree/file_steps.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mediad::storage {
namespace {

bool same_file(int dir_a, const char* a, int dir_b, const char* b) {
  struct stat x {};
  struct stat y {};
  return ::fstatat(dir_a, a, &x, AT_SYMLINK_NOFOLLOW) == 0
         && ::fstatat(dir_b, b, &y, AT_SYMLINK_NOFOLLOW) == 0 && x.st_dev == y.st_dev
         && x.st_ino == y.st_ino;
}

} // namespace

result<> file_steps::link_new(const place& from, const place& to) {
  note(to);
  auto source = folder(from.folder);
  if (!source)
    return fail(source.error());
  auto target = touch(to.folder);
  if (!target)
    return fail(target.error());
  if (::linkat(*source, from.name.c_str(), *target, to.name.c_str(), 0) != 0) {
    const int reason = errno;
    if (reason == EEXIST)
      return fail(errc::conflict, "link " + to.path() + ": it exists");
    if (reason != EMLINK)
      return fail_errno(reason, "link " + from.path() + " to " + to.path());
    if (auto copied = copy(from, to); !copied)
      return copied;
  }
  undo_.push_back({undo_kind::remove_file, {}, to});
  keep(to);
  return {};
}

result<> file_steps::link(const place& from, const place& to) {
  auto done = link_new(from, to);
  if (done || done.error().code != errc::conflict)
    return done;
  auto source = folder(from.folder);
  auto target = folder(to.folder);
  if (!source || !target)
    return done;
  if (same_file(*source, from.name.c_str(), *target, to.name.c_str())) {
    keep(to);
    return {};
  }
  if (auto moved = move_to_trash(to); !moved)
    return moved;
  return link_new(from, to);
}

result<> file_steps::link_late(const place& staged, const place& stored) {
  if (auto target = folder(stored.folder); !target)
    return fail(target.error());
  const bool was_touched = open_.at(stored.folder).touched;
  auto done = link(staged, stored);
  open_.at(stored.folder).touched = was_touched;
  if (done)
    late_.push_back({staged, stored.folder});
  return done;
}

bool file_steps::is_late(const place& staged) const {
  return std::any_of(late_.begin(), late_.end(),
                     [&](const late_name& n) { return n.staged == staged; })
         || (tools_.late != nullptr && tools_.late->needs(staged));
}

result<> file_steps::sync_too(const std::string& store_folder) {
  auto fd = touch(store_folder);
  return fd ? result<>{} : fail(fd.error());
}

result<> file_steps::copy(const place& from, const place& to) {
  auto source = root_.file(from, O_RDONLY);
  if (!source)
    return fail(source.error());
  auto target = folder(to.folder);
  if (!target)
    return fail(target.error());
  unique_fd fd{::openat(*target, to.name.c_str(),
                        O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, stored_mode)};
  if (!fd)
    return fail_errno(errno, "create " + to.path());
  struct stat about {};
  auto done = ::fstat(source->get(), &about) == 0
                ? copy_bytes(source->get(), fd.get(), static_cast<std::uint64_t>(about.st_size))
                : fail_errno(errno, "stat " + from.path());
  // By this mode a start knows it as ours, whatever the umask is.
  if (done && ::fchmod(fd.get(), stored_mode) != 0)
    done = fail_errno(errno, "chmod " + to.path());
  if (done)
    sync_later(std::move(fd), to.path());
  else
    static_cast<void>(::unlinkat(*target, to.name.c_str(), 0));
  return done;
}

result<> copy_bytes(int from, int to, std::uint64_t bytes) {
  while (bytes > 0) {
    const auto n = ::copy_file_range(from, nullptr, to, nullptr, bytes, 0);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return fail_errno(n == 0 ? EIO : errno, "copy_file_range");
    bytes -= static_cast<std::uint64_t>(n);
  }
  return {};
}

} // namespace mediad::storage
