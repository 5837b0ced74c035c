#pragma once

#include "base/error.hpp"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace mediad {

/// Owns one file descriptor; closes it quietly. Where the close matters, call close().
class unique_fd {
public:
  unique_fd() = default;
  explicit unique_fd(int fd) : fd_{fd} {}
  unique_fd(unique_fd&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
  unique_fd& operator=(unique_fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  unique_fd(const unique_fd&) = delete;
  unique_fd& operator=(const unique_fd&) = delete;
  ~unique_fd();

  int get() const {
    return fd_;
  }
  explicit operator bool() const {
    return fd_ >= 0;
  }
  /// Gives the descriptor up: from now on the caller closes it.
  int release() {
    return std::exchange(fd_, -1);
  }
  /// Closes now and reports what the kernel says; an error here can mean lost writes.
  result<> close();

private:
  int fd_ = -1;
};

/// A file open for reading, which its owner keeps open: what a reader is given instead of a
/// name. All its readers share one position; so read with pread(2), map it, or reopen() it.
class opened_file {
public:
  explicit opened_file(int descriptor) : fd_{descriptor} {}

  int descriptor() const {
    return fd_;
  }
  /// Bytes. Errors: storage_io if it is no regular file.
  result<std::uint64_t> size() const;
  /// A descriptor that outlives the owner's; both share one position.
  result<unique_fd> duplicate() const;
  /// A descriptor with a position of its own.
  result<unique_fd> reopen() const;
  /// Its name in this process (proc(5)), for a library that opens files only by their names.
  std::string name() const;

private:
  int fd_;
};

/// open(2) with O_CLOEXEC; @p mode counts only with O_CREAT.
result<unique_fd> open_file(const std::filesystem::path& file, int flags, unsigned mode = 0640);

/// Writes all of @p bytes at @p offset, however many calls that takes.
result<> write_all(int fd, std::string_view bytes, std::uint64_t offset);

/// Reads from @p offset on until @p into is full or the file ends, however many calls that takes.
/// @param what  is done, for the error.
/// @returns how many bytes were read.
result<std::size_t> read_at(int fd, std::span<char> into, std::uint64_t offset,
                            std::string_view what);

/// fsync(2) of a directory, so that names made or removed in it survive a power cut.
result<> sync_directory(const std::filesystem::path& dir);

/// fdatasync(2) of one existing file.
result<> sync_file(const std::filesystem::path& file);

/// Bytes that are free for this process on the file system of @p folder.
result<std::uint64_t> free_bytes(const std::filesystem::path& folder);
/// @p bytes for people, rounded up: `12 MiB`.
std::string mebibytes(std::uint64_t bytes);

/// The whole of a small file.
/// @returns errc::too_large if it has more than @p max_bytes.
result<std::string> read_file(const std::filesystem::path& file, std::size_t max_bytes);
result<std::string> read_file(const opened_file& file, std::size_t max_bytes);

} // namespace mediad
