#pragma once

#include "base/error.hpp"
#include "base/file.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

namespace mediad::media {

/// All bytes of a file, as the page cache has them. It is meant for originals, which never change:
/// if a file became shorter, the process that reads it would end by SIGBUS.
class mapped_file {
public:
  /// @returns errc::storage_io if it cannot be mapped.
  static result<mapped_file> of(const opened_file& file);

  mapped_file(mapped_file&& other) noexcept : bytes_{std::exchange(other.bytes_, {})} {}
  mapped_file& operator=(mapped_file&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  mapped_file(const mapped_file&) = delete;
  mapped_file& operator=(const mapped_file&) = delete;
  ~mapped_file();

  std::span<const std::uint8_t> bytes() const {
    return bytes_;
  }
  std::string_view text() const {
    return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
  }

private:
  explicit mapped_file(std::span<const std::uint8_t> bytes) : bytes_{bytes} {}

  std::span<const std::uint8_t> bytes_;
};

} // namespace mediad::media
