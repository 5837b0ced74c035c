#pragma once

#include "base/error.hpp"
#include "base/file.hpp"
#include "net/io/outflow.hpp"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace mediad::net {

/// An open file into which others are put while it is sent, so that their bytes are on disk once.
/// Without any it is just an open file.
class spliced_file {
public:
  /// All of a file.
  struct insert {
    std::uint64_t at = 0; ///< Offset in the file on disk at which it is put in; ascending.
    std::filesystem::path file;
    std::uint64_t bytes = 0; ///< The length it must have.
  };

  spliced_file() = default;
  /// @param own_bytes  of the file on disk.
  spliced_file(unique_fd file, std::uint64_t own_bytes, std::vector<insert> inserts);

  /// Bytes of the whole.
  std::uint64_t size() const {
    return size_;
  }

  /// Sends a piece of the whole. An insert is open only while it is sent.
  /// @returns false as outflow::send_file, and if an insert is gone or has another length.
  boost::asio::awaitable<bool> send(outflow& out, fields::byte_range range) const;

private:
  /// A run of bytes from one file.
  struct extent {
    std::uint64_t start = 0;      ///< Offset in the whole.
    std::uint64_t size = 0;       ///< Not 0.
    std::uint64_t offset = 0;     ///< Offset in its file.
    std::filesystem::path insert; ///< Empty: the file on disk.
  };

  boost::asio::awaitable<bool> send_some(outflow& out, const extent& from,
                                         fields::byte_range piece) const;
  void add(extent next);

  unique_fd file_;
  std::vector<extent> extents_;
  std::uint64_t size_ = 0;
};

} // namespace mediad::net
