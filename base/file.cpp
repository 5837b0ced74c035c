#include "base/file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace mediad {
namespace {

result<> sync_path(const std::filesystem::path& path, int flags, int (*sync)(int)) {
  auto fd = open_file(path, flags);
  if (!fd)
    return fail(fd.error());
  if (sync(fd->get()) != 0)
    return fail_errno(errno, "sync " + path.string());
  return fd->close();
}

/// @param read  reads on, as read(2) does.
template <class Read>
result<std::string> read_to_end(const std::string& called, std::size_t max_bytes, Read read) {
  std::string text;
  std::array<char, 65536> block{};
  for (;;) {
    const auto n = read(block.data(), block.size());
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return fail_errno(errno, "read " + called);
    if (n == 0)
      return text;
    text.append(block.data(), static_cast<std::size_t>(n));
    if (text.size() > max_bytes)
      return fail(errc::too_large,
                  called + " has more than " + std::to_string(max_bytes) + " bytes");
  }
}

} // namespace

unique_fd::~unique_fd() {
  if (fd_ >= 0)
    ::close(fd_);
}

result<> unique_fd::close() {
  if (::close(std::exchange(fd_, -1)) != 0)
    return fail_errno(errno, "close");
  return {};
}

result<unique_fd> open_file(const std::filesystem::path& file, int flags, unsigned mode) {
  const int fd = ::open(file.c_str(), flags | O_CLOEXEC, mode);
  if (fd < 0)
    return fail_errno(errno, "open " + file.string());
  return unique_fd{fd};
}

result<std::uint64_t> opened_file::size() const {
  struct stat about {};
  if (::fstat(fd_, &about) != 0)
    return fail_errno(errno, "fstat");
  if (!S_ISREG(about.st_mode))
    return fail(errc::storage_io, "not a regular file");
  return static_cast<std::uint64_t>(about.st_size);
}

result<unique_fd> opened_file::duplicate() const {
  unique_fd same{::fcntl(fd_, F_DUPFD_CLOEXEC, 0)};
  if (!same)
    return fail_errno(errno, "duplicate a descriptor");
  return same;
}

result<unique_fd> opened_file::reopen() const {
  return open_file(name(), O_RDONLY);
}

std::string opened_file::name() const {
  return "/proc/self/fd/" + std::to_string(fd_);
}

result<> write_all(int fd, std::string_view bytes, std::uint64_t offset) {
  while (!bytes.empty()) {
    const auto n = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return fail_errno(n == 0 ? EIO : errno, "pwrite");
    bytes.remove_prefix(static_cast<std::size_t>(n));
    offset += static_cast<std::uint64_t>(n);
  }
  return {};
}

result<std::size_t> read_at(int fd, std::span<char> into, std::uint64_t offset,
                            std::string_view what) {
  std::size_t done = 0;
  while (done < into.size()) {
    const auto n =
      ::pread(fd, into.data() + done, into.size() - done, static_cast<off_t>(offset + done));
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return fail_errno(errno, std::string{what});
    if (n == 0)
      break;
    done += static_cast<std::size_t>(n);
  }
  return done;
}

result<> sync_directory(const std::filesystem::path& dir) {
  return sync_path(dir, O_RDONLY | O_DIRECTORY, ::fsync);
}

result<> sync_file(const std::filesystem::path& file) {
  return sync_path(file, O_RDONLY, ::fdatasync);
}

result<std::uint64_t> free_bytes(const std::filesystem::path& folder) {
  struct statvfs about {};
  if (::statvfs(folder.c_str(), &about) != 0)
    return fail_errno(errno, "statvfs " + folder.string());
  return std::uint64_t{about.f_bavail} * about.f_frsize;
}

std::string mebibytes(std::uint64_t bytes) {
  return std::to_string((bytes >> 20U) + 1) + " MiB";
}

result<std::string> read_file(const std::filesystem::path& file, std::size_t max_bytes) {
  auto fd = open_file(file, O_RDONLY);
  if (!fd)
    return fail(fd.error());
  return read_to_end(file.string(), max_bytes,
                     [&](char* into, std::size_t count) { return ::read(fd->get(), into, count); });
}

result<std::string> read_file(const opened_file& file, std::size_t max_bytes) {
  off_t position = 0;
  return read_to_end("the file", max_bytes, [&](char* into, std::size_t count) {
    const auto n = ::pread(file.descriptor(), into, count, position);
    position += std::max<::ssize_t>(n, 0);
    return n;
  });
}

} // namespace mediad
