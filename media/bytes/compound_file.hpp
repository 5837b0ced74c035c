#pragma once

#include "base/error.hpp"
#include "media/bytes/file_bytes.hpp"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace mediad::media {

/// The directory of a compound file ([MS-CFB]), the container of the old office formats and of
/// encrypted new ones. Reads no more than it needs and believes nothing of what it reads.
class compound_file {
public:
  /// @param file  outlives it; remembers a read that fails.
  /// @returns errc::corrupt_media for anything that is not such a file.
  static result<compound_file> open(const file_bytes& file);

  // Names are compared without regard to case.

  /// Whether a stream or storage has this name, at any depth.
  bool has(std::string_view name) const;
  /// The first name of the directory, in its own order, that is among @p names; empty if none is.
  std::string_view first_of(std::initializer_list<std::string_view> names) const;
  /// The first sector of the stream of that name; empty if there is none, or if it is so short
  /// (under 4,096 bytes) that it lies elsewhere.
  std::string first_sector(std::string_view name) const;

private:
  struct entry {
    std::string name; ///< ASCII; any other character is a question mark.
    std::uint64_t sector = 0;
    std::uint64_t bytes = 0;
  };

  explicit compound_file(const file_bytes& file) : file_{&file} {}

  result<> read_directory();
  std::string read_sector(std::uint64_t sector) const;

  const file_bytes* file_;
  std::size_t sector_bytes_ = 512;
  std::vector<entry> entries_;
};

} // namespace mediad::media
