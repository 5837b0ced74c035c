#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace mediad::media {

/// Numbers of a TIFF structure (Exif is one, too) in its own byte order; 0 beyond its end.
class tiff_bytes {
public:
  explicit tiff_bytes(std::span<const std::uint8_t> bytes)
    : bytes_{bytes}, big_endian_{u8(0) == 'M'} {}

  unsigned u8(std::size_t at) const {
    return at < bytes_.size() ? bytes_[at] : 0U;
  }
  unsigned u16(std::size_t at) const {
    return big_endian_ ? u8(at) << 8U | u8(at + 1) : u8(at + 1) << 8U | u8(at);
  }
  unsigned u32(std::size_t at) const {
    return big_endian_ ? u16(at) << 16U | u16(at + 2) : u16(at + 2) << 16U | u16(at);
  }
  bool is_big_endian() const {
    return big_endian_;
  }
  bool is_tiff() const {
    return u8(0) == u8(1) && (u8(0) == 'M' || u8(0) == 'I') && u16(2) == 42;
  }
  /// @p count bytes at @p at; none if they are not all there.
  std::span<const std::uint8_t> part(std::size_t at, std::size_t count) const {
    if (at > bytes_.size() || count > bytes_.size() - at)
      return {};
    return bytes_.subspan(at, count);
  }

private:
  std::span<const std::uint8_t> bytes_;
  bool big_endian_;
};

/// The TIFF structure in a block of Exif, with or without `Exif\0\0` before it.
inline std::span<const std::uint8_t> tiff_of_exif(std::span<const std::uint8_t> exif) {
  constexpr std::size_t prefix_bytes = 6;
  const bool has_prefix = exif.size() > prefix_bytes && exif[0] == 'E' && exif[1] == 'x'
                          && exif[2] == 'i' && exif[3] == 'f' && exif[4] == 0 && exif[5] == 0;
  return has_prefix ? exif.subspan(prefix_bytes) : exif;
}

} // namespace mediad::media
