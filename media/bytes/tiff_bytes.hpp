#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace mediad::media {

/// One entry of a directory (TIFF 6.0, section 2).
struct tiff_entry {
  unsigned tag = 0;
  unsigned type = 0;
  std::uint32_t count = 0;  ///< How many values there are.
  std::uint32_t value = 0;  ///< The value if it is one SHORT or LONG, else where the values are.
  std::size_t value_at = 0; ///< Offset of the four bytes of value: shorter values are in there.
};

/// Numbers of a TIFF structure (Exif is one, too) in its own byte order; 0 beyond its end.
class tiff_bytes {
public:
  static constexpr std::size_t entry_bytes = 12;
  /// Entries that are looked at in one directory.
  static constexpr unsigned max_entries = 512;
  /// The largest directory that is looked at, with the offset of the next one.
  static constexpr std::size_t max_directory_bytes = 2 + max_entries * entry_bytes + 4;
  static constexpr unsigned short_type = 3;
  static constexpr unsigned long_type = 4;

  /// @param bytes a whole structure, from its `II` or `MM` on.
  explicit tiff_bytes(std::span<const std::uint8_t> bytes)
    : bytes_{bytes}, big_endian_{u8(0) == 'M'} {}
  /// @param bytes a piece of one whose order of bytes is known.
  tiff_bytes(std::string_view bytes, bool big_endian)
    : bytes_{reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()},
      big_endian_{big_endian} {}

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

  /// Calls @p visit with the entries of the directory at @p directory, max_entries at most.
  /// @returns the offset of the next directory, or 0.
  template <class Visit>
  std::uint32_t each_entry(std::size_t directory, Visit visit) const {
    const auto entries = std::min(u16(directory), max_entries);
    const auto first = directory + 2;
    for (std::size_t at = first; at < first + entries * entry_bytes; at += entry_bytes) {
      const auto type = u16(at + 2);
      visit(tiff_entry{u16(at), type, u32(at + 4), type == short_type ? u16(at + 8) : u32(at + 8),
                       at + 8});
    }
    return u32(first + entries * entry_bytes);
  }

private:
  std::span<const std::uint8_t> bytes_;
  bool big_endian_;
};

} // namespace mediad::media
