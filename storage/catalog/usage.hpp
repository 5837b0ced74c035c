#pragma once

#include "base/error.hpp"
#include "base/upload.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace mediad::storage {

/// What one user takes up of the server.
struct usage {
  std::uint64_t bytes = 0; ///< Bytes of the user's files, each in full, even if several share them.
  std::uint64_t files = 0;
  std::uint64_t open_bytes = 0; ///< Kept free for uploads that are no files yet.
  std::uint64_t open_uploads = 0;
  std::string unknown; ///< The same as file_record::unknown.

  bool operator==(const usage&) const = default;

  /// Whether there is nothing to keep a row for.
  bool is_nothing() const {
    return *this == usage{};
  }

  /// Neither goes beyond what a number holds, nor below 0.
  usage& operator+=(const usage& more);
  usage& operator-=(const usage& less);

  /// All bytes that count against a quota.
  std::uint64_t held_bytes() const;
};

/// What an upload counts for: its whole length as soon as that is known, until it is a file. A part
/// counts as long as it is kept; what is put together from parts counts by them.
usage held_by(const upload_state& u);

std::string encode(const usage& u);
/// @returns errc::internal for anything that encode() did not write.
result<usage> parse_usage(std::string_view value);

} // namespace mediad::storage
