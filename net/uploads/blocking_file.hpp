#pragma once

#include "base/error.hpp"
#include "base/file.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

namespace mediad::net::uploads {

/// A file of the staging folder as the disk threads write it. It is opened by the first write() or
/// sync(). Blocks; one thread at a time.
class blocking_file {
public:
  /// @param path    exists.
  /// @param length  of the whole, if it is known: room for it is reserved on the disk.
  /// @param start   bytes that are kept; what follows them in the file is cut off.
  blocking_file(std::filesystem::path path, std::optional<std::uint64_t> length,
                std::uint64_t start);

  /// @returns errc::storage_full, errc::storage_io.
  result<> write(std::string_view bytes, std::uint64_t offset);
  /// Once this returns, all bytes written so far would survive a power cut.
  result<> sync();

private:
  result<> open();
  result<> reserve(std::uint64_t end);

  std::filesystem::path path_;
  std::optional<std::uint64_t> length_;
  std::uint64_t start_;
  unique_fd fd_;           ///< Empty until it is opened.
  std::uint64_t flushed_;  ///< Writeback of the bytes before this offset has been started.
  std::uint64_t reserved_; ///< The disk has room for the bytes before this offset.
};

} // namespace mediad::net::uploads
