#pragma once

#include "base/error.hpp"
#include "base/file.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace mediad::media {

/// The directory of an OLE compound file ([MS-CFB]), the container of the old office formats and
/// of encrypted new ones. Reads no more than it needs and believes nothing of what it reads.
class ole_file {
public:
  /// @returns errc::corrupt_media for anything that is not such a file.
  static result<ole_file> open(const std::filesystem::path& file);

  /// Whether a stream or storage has this name, at any depth.
  bool has(std::string_view name) const;
  /// The first sector of the stream of that name; empty if there is none, or if it is so short
  /// (under 4,096 bytes) that it lies elsewhere.
  std::string first_sector(std::string_view name) const;

private:
  struct entry {
    std::string name; ///< ASCII; any other character is a question mark.
    std::uint32_t sector = 0;
    std::uint32_t bytes = 0;
  };

  explicit ole_file(unique_fd fd) : fd_{std::move(fd)} {}

  result<> read_directory(std::string_view header);
  std::string read_sector(std::uint32_t sector) const;

  unique_fd fd_;
  std::size_t sector_bytes_ = 512;
  std::vector<entry> entries_;
};

} // namespace mediad::media
