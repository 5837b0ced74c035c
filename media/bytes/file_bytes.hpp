#pragma once

#include "base/error.hpp"
#include "base/file.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace mediad::media {

/// A file that is read in small pieces.
class file_bytes {
public:
  static constexpr std::size_t max_piece = std::size_t{64} * 1024;

  static result<file_bytes> of(const opened_file& file);

  std::uint64_t size() const {
    return size_;
  }
  /// The first max_piece bytes.
  std::string_view head() const {
    return head_;
  }
  /// At most @p count (and max_piece) bytes from @p offset: fewer at the end of the file.
  std::string read(std::uint64_t offset, std::size_t count) const;
  /// The errno of the first read that failed, or 0.
  int failure() const {
    return failure_;
  }
  opened_file file() const {
    return opened_file{fd_.get()};
  }

private:
  unique_fd fd_;
  std::uint64_t size_ = 0;
  std::string head_;
  mutable int failure_ = 0;
};

/// The unsigned number in @p count bytes at @p at; 0 beyond the end of @p bytes.
std::uint64_t big_endian(std::string_view bytes, std::size_t at, std::size_t count);
std::uint64_t little_endian(std::string_view bytes, std::size_t at, std::size_t count);

/// True if @p word is at @p at.
bool has_at(std::string_view bytes, std::size_t at, std::string_view word);

} // namespace mediad::media
