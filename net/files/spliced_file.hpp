#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/record.hpp"
#include "net/io/outflow.hpp"
#include "storage/view.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace mediad::net {

/// An open file into which others are put while it is sent, so that their bytes are on disk once.
/// Without any it is just an open file.
class spliced_file {
public:
  /// Opens the file that is put in there.
  using opener = std::function<result<storage::stored_file>(const splice&)>;

  spliced_file() = default;
  explicit spliced_file(storage::stored_file own);
  /// @param own      what is on disk as one file.
  /// @param inserts  `at` ascends.
  /// @param open     called by send(), on its thread.
  spliced_file(storage::stored_file own, const std::vector<splice>& inserts, opener open);

  /// Bytes of the whole.
  std::uint64_t size() const {
    return size_;
  }
  /// When the file on disk was made.
  unix_ms modified() const {
    return own_.modified;
  }

  /// Sends a piece of the whole. An insert is open only while it is sent.
  /// @returns false as outflow::send_file, and if an insert cannot be opened.
  boost::asio::awaitable<bool> send(outflow& out, fields::byte_range range) const;

private:
  /// A run of bytes from one file.
  struct extent {
    std::uint64_t start = 0;      ///< Offset in the whole.
    std::uint64_t size = 0;       ///< Not 0.
    std::uint64_t offset = 0;     ///< Offset in its file.
    std::optional<splice> insert; ///< Nothing: bytes of own_.
  };

  boost::asio::awaitable<bool> send_some(outflow& out, const extent& from,
                                         fields::byte_range piece) const;
  void add(extent next);

  storage::stored_file own_;
  opener open_;
  std::vector<extent> extents_;
  std::uint64_t size_ = 0;
};

} // namespace mediad::net
