#pragma once

#include "base/error.hpp"
#include "media/picture/picture.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

/// Pictures as most files hold them: brightness apart from colour, and the colour often at half the
/// size. Shrinking and encoding such planes costs half of what the same takes in RGB.
namespace mediad::media {

/// What vector units and zimg want rows to begin at.
inline constexpr std::align_val_t row_alignment{64};

struct free_aligned {
  void operator()(std::uint8_t* bytes) const noexcept {
    ::operator delete[](bytes, row_alignment);
  }
};
using aligned_bytes = std::unique_ptr<std::uint8_t[], free_aligned>;

/// Uninitialised bytes. Throws std::bad_alloc.
aligned_bytes allocate_aligned(std::size_t bytes);

/// One channel of 8 bits. Rows begin at multiples of 64 bytes and can be written for 64 bytes
/// beyond their width.
struct plane {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::size_t stride = 0; ///< Bytes from one row to the next.
  aligned_bytes bytes;

  plane() = default;
  /// Uninitialised. @param spare_rows below the last row, for decoders that write blocks.
  plane(std::uint32_t w, std::uint32_t h, std::uint32_t spare_rows = 0);

  std::uint8_t* row(std::uint32_t y) {
    return bytes.get() + y * stride;
  }
  const std::uint8_t* row(std::uint32_t y) const {
    return bytes.get() + y * stride;
  }
};

/// How luma and chroma come from RGB (ITU-T H.273, 8.3), and how they lie in a byte.
struct luma_rule {
  double red = 0.299;     ///< Share of red in luma: 0.299 as BT.601 and JPEG have it.
  double blue = 0.114;    ///< Share of blue.
  bool full_range = true; ///< 0..255; else 16..235 and 16..240.

  bool operator==(const luma_rule&) const = default;
};

/// Luma and the two chroma planes of an opaque picture.
struct planar {
  extent size;
  std::array<plane, 3> parts;
  /// Chroma samples for one pixel, 0.25..1: how much of the picture each chroma sample covers, also
  /// where a side is odd. Samples are centred, as JPEG has them.
  double chroma_x = 1;
  double chroma_y = 1;
  luma_rule rule;
};

/// How large the chroma planes are.
enum class chroma : std::uint8_t { full = 1, half };

/// @p source at another size by the filter of resize(picture), with @p to_chroma as asked. Keeps
/// the rule.
result<planar> resize(const planar& source, extent to, chroma to_chroma);

/// The same picture in RGB. @param source with full chroma.
picture to_rgb(const planar& source);

/// The planes of an opaque picture, by JPEG's rule.
planar to_planar(const picture& opaque, chroma to_chroma);

/// The picture as it is meant to be seen. @param orientation 1..8 as Exif defines it.
planar upright(planar stored, int orientation);

} // namespace mediad::media
