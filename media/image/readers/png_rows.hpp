#pragma once

#include "media/picture/picture.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

/// The rows of a PNG that is not interlaced and whose pixels are whole bytes (PNG, third edition).
namespace mediad::media {

/// What IHDR and PLTE say (11.2).
struct png_header {
  extent size;
  unsigned depth = 0; ///< 8 or 16 bits.
  unsigned color = 0;
  std::string_view palette;

  unsigned channels() const {
    constexpr std::array<unsigned, 7> by_color{1, 0, 3, 1, 2, 0, 4};
    return by_color.at(color);
  }
  std::size_t pixel_bytes() const {
    return std::size_t{channels()} * depth / 8;
  }
  bool has_alpha() const {
    return color == 4 || color == 6;
  }
};

/// Undoes the filter of a row (9.2), in place: its number, the row, the row above without its
/// filter, their bytes. @returns false for a filter that does not exist.
using png_unfilter = bool (*)(unsigned, std::uint8_t*, const std::uint8_t*, std::size_t);
/// @param pixel_bytes 1 to 4, 6 or 8.
png_unfilter png_unfilter_for(std::size_t pixel_bytes);

/// Turns the file's own layout into 8 bits a channel. @param to 3 channels, or 4 with alpha.
/// @returns false for a colour that is not in the palette.
bool spread_png_row(const std::uint8_t* in, std::uint8_t* out, const png_header& h,
                    std::uint32_t to);

/// Whether every pixel of @p row is opaque. @param h of a picture with alpha.
bool is_opaque_png_row(const png_header& h, const std::uint8_t* row);

} // namespace mediad::media
