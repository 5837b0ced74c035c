#pragma once

#include "base/error.hpp"
#include "media/image/stored_image.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

/// Device-independent bitmaps, which BMP and ICO files hold ([MS-WMF], 2.2.2).
namespace mediad::media {

/// One channel's bits in a pixel of 16 or 32 bits.
class dib_channel {
public:
  dib_channel() = default;
  explicit dib_channel(std::uint32_t mask);

  bool is_there() const {
    return mask_ != 0;
  }
  /// Its value in @p pixel, 0..255.
  std::uint8_t operator()(std::uint32_t pixel) const;

private:
  std::uint32_t mask_ = 0;
  unsigned shift_ = 0;
};

enum class dib_packing : std::uint8_t { none, rle8, rle4, rle24 };

struct dib_header {
  extent size;
  bool is_top_down = false;
  unsigned bits = 0; ///< Bits of a pixel: 1, 2, 4, 8, 16, 24 or 32.
  dib_packing packing = dib_packing::none;
  std::string_view palette;
  std::size_t palette_step = 4;        ///< Bytes of one colour in it: blue, green, red.
  std::array<dib_channel, 4> channels; ///< Red, green, blue, alpha; for 16 and 32 bits.
  std::size_t end = 0;                 ///< Offset at which header, masks and palette end.

  /// Bytes from one row of unpacked pixels to the next.
  std::size_t stride() const {
    return (std::size_t{size.width} * bits + 31) / 32 * 4;
  }
  /// The colour of @p index; black beyond the palette.
  std::array<std::uint8_t, 3> color(unsigned index) const;
};

/// Where a bitmap stands.
enum class dib_home : std::uint8_t { bmp, icon };

/// @param bytes begin with the header. Those of an icon count twice as many rows as there are.
/// @returns errc::corrupt_media, or errc::unsupported_media for an embedded JPEG or PNG.
result<dib_header> parse_dib(std::string_view bytes, dib_home home);

/// @param packed from the first pixel to the end of the file.
/// @param has_alpha whether the alpha channel counts.
result<> read_dib_rows(const dib_header& h, std::string_view packed, bool has_alpha,
                       wanted_size wanted, stored_image& image);

/// The same for run-length encoding: pixels that are skipped are transparent.
result<> read_dib_runs(const dib_header& h, std::string_view packed, stored_image& image);

} // namespace mediad::media
