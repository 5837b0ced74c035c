#include "net/uploads/blocking_file.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace mediad::net::uploads {

namespace {

constexpr std::uint64_t reserve_from_bytes = std::uint64_t{1} << 20U;
constexpr std::uint64_t min_reserve_bytes = std::uint64_t{8} << 20U;
constexpr std::uint64_t max_reserve_bytes = std::uint64_t{1} << 30U;
constexpr std::uint64_t flush_bytes = std::uint64_t{8} << 20U;

} // namespace

blocking_file::blocking_file(std::filesystem::path path, std::optional<std::uint64_t> length,
                             std::uint64_t start)
  : path_{std::move(path)}, length_{length}, start_{start}, flushed_{start}, reserved_{start} {}

result<> blocking_file::write(std::string_view bytes, std::uint64_t offset) {
  if (auto opened = open(); !opened)
    return opened;
  if (auto room = reserve(offset + bytes.size()); !room)
    return room;
  if (auto done = write_all(fd_.get(), bytes, offset); !done)
    return done;
  // Started early, the final sync has less to wait for (measured: a third cheaper).
  const auto end = (offset + bytes.size()) / flush_bytes * flush_bytes;
  if (end > flushed_) {
    static_cast<void>(::sync_file_range(fd_.get(), static_cast<off_t>(flushed_),
                                        static_cast<off_t>(end - flushed_), SYNC_FILE_RANGE_WRITE));
    flushed_ = end;
  }
  return {};
}

result<> blocking_file::sync() {
  if (auto opened = open(); !opened)
    return opened;
  if (::fdatasync(fd_.get()) != 0)
    return fail_errno(errno, "fdatasync of a staging file");
  return {};
}

result<> blocking_file::open() {
  if (fd_)
    return {};
  // A file that was about to be stored when the server was killed is read-only by now.
  static_cast<void>(::chmod(path_.c_str(), 0640));
  auto fd = open_file(path_, O_WRONLY | O_CLOEXEC);
  if (!fd) // also if it is missing: that is not the client's doing
    return fail(errc::storage_io, fd.error().detail);
  // No client was ever told about bytes behind the last ones acknowledged.
  struct stat about {};
  if (::fstat(fd->get(), &about) != 0)
    return fail_errno(errno, "stat a staging file");
  if (static_cast<std::uint64_t>(about.st_size) > start_
      && ::ftruncate(fd->get(), static_cast<off_t>(start_)) != 0)
    return fail_errno(errno, "truncate a staging file");
  fd_ = std::move(*fd);
  return {};
}

/// Reserves room on disk for the bytes up to @p end and some more: in one piece as far as possible,
/// but never much more than has come, or a client that only announces long bodies could fill the
/// disk.
result<> blocking_file::reserve(std::uint64_t end) {
  if (!length_ || *length_ < reserve_from_bytes || end <= reserved_)
    return {};
  const auto ahead = std::clamp(end, min_reserve_bytes, max_reserve_bytes);
  const auto until = std::min(*length_, end + ahead);
  const bool reserved =
    until <= reserved_
    || ::fallocate(fd_.get(), FALLOC_FL_KEEP_SIZE, static_cast<off_t>(reserved_),
                   static_cast<off_t>(until - reserved_))
         == 0;
  // Not every file system can reserve.
  if (!reserved && (errno == ENOSPC || errno == EDQUOT))
    return fail_errno(errno, "fallocate of a staging file");
  reserved_ = until;
  return {};
}

} // namespace mediad::net::uploads
