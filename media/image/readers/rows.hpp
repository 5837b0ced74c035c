#pragma once

#include "media/image/stored_image.hpp"
#include "media/picture/row_averager.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>

/// What the readers of plain formats, whose rows can be had one by one, have in common.
namespace mediad::media {

/// The value of what is missing from an opaque picture.
inline constexpr std::uint8_t middle_gray = 128;

/// As little_endian(), for at most 4 bytes.
std::uint32_t little_endian_32(std::string_view bytes, std::size_t at, std::size_t count);

struct collected_rows {
  picture pixels;
  std::uint32_t found = 0; ///< Rows that were there.
};

/// Asks for every row from the top on.
/// @param channels 3 or 4.
/// @param factor the side of the squares of pixels whose means are enough. A picture with alpha
/// comes
///        whole, as the colour of what is not seen must not count.
/// @param read writes row @p y to `to`, or returns false if it is missing: it is gray then, or
///        transparent.
template <class Read>
collected_rows collect_rows(extent size, std::uint32_t channels, std::uint32_t factor, Read read) {
  collected_rows made;
  const auto read_row = [&](std::uint32_t y, std::uint8_t* to) {
    if (read(y, to))
      ++made.found;
    else
      std::fill_n(to, std::size_t{size.width} * channels, channels == 3 ? middle_gray : 0);
  };
  if (channels == 3 && factor > 1) {
    row_averager means{size, channels, factor};
    std::vector<std::uint8_t> row(std::size_t{size.width} * channels);
    for (std::uint32_t y = 0; y < size.height; ++y) {
      read_row(y, row.data());
      means.add(row.data());
    }
    made.pixels = std::move(means).finish();
    return made;
  }
  made.pixels = picture{size.width, size.height, channels};
  for (std::uint32_t y = 0; y < size.height; ++y)
    read_row(y, made.pixels.row(y));
  return made;
}

/// Makes every pixel opaque if none of @p p, which has alpha, would be seen: such a file has no
/// alpha, whatever its header says.
void unhide(picture& p);

/// Takes over what was collected. @returns errc::corrupt_media if no row was there.
result<> take_rows(collected_rows rows, stored_image& image);

} // namespace mediad::media
