#include "media/image/readers/png_rows.hpp"

#include <array>
#include <cstdlib>
#include <cstring>

namespace mediad::media {
namespace {

std::uint8_t paeth(int left, int above, int corner) {
  const int by_left = std::abs(above - corner);
  const int by_above = std::abs(left - corner);
  const int by_corner = std::abs(left + above - 2 * corner);
  if (by_left <= by_above && by_left <= by_corner)
    return static_cast<std::uint8_t>(left);
  return static_cast<std::uint8_t>(by_above <= by_corner ? above : corner);
}

// Undoes one row's filter (PNG, third edition, 9.2). @param above null for the first row.
// Pixel is a constant so that the compiler keeps the last pixel in registers.
template <std::size_t Pixel>
bool unfilter(unsigned filter, std::uint8_t* row, const std::uint8_t* above, std::size_t bytes) {
  std::array<std::uint8_t, Pixel> left{};
  std::array<std::uint8_t, Pixel> corner{};
  switch (filter) {
  case 0: return true;
  case 1:
    for (std::size_t i = 0; i < bytes; i += Pixel)
      for (std::size_t c = 0; c < Pixel; ++c)
        row[i + c] = left[c] = static_cast<std::uint8_t>(row[i + c] + left[c]);
    return true;
  case 2:
    for (std::size_t i = 0; i < bytes; ++i)
      row[i] = static_cast<std::uint8_t>(row[i] + above[i]);
    return true;
  case 3:
    for (std::size_t i = 0; i < bytes; i += Pixel)
      for (std::size_t c = 0; c < Pixel; ++c)
        row[i + c] = left[c] = static_cast<std::uint8_t>(row[i + c] + (left[c] + above[i + c]) / 2);
    return true;
  case 4:
    for (std::size_t i = 0; i < bytes; i += Pixel)
      for (std::size_t c = 0; c < Pixel; ++c) {
        const auto up = above[i + c];
        row[i + c] = left[c] =
          static_cast<std::uint8_t>(row[i + c] + paeth(left[c], up, corner[c]));
        corner[c] = up;
      }
    return true;
  default: return false;
  }
}

} // namespace

png_unfilter png_unfilter_for(std::size_t pixel_bytes) {
  switch (pixel_bytes) {
  case 1: return unfilter<1>;
  case 2: return unfilter<2>;
  case 3: return unfilter<3>;
  case 4: return unfilter<4>;
  case 6: return unfilter<6>;
  default: return unfilter<8>;
  }
}

bool spread_png_row(const std::uint8_t* in, std::uint8_t* out, const png_header& header,
                    std::uint32_t to) {
  const auto step = header.pixel_bytes();
  const bool is_gray = header.color == 0 || header.color == 4;
  const auto wide = header.depth / 8;
  for (std::uint32_t x = 0; x < header.size.width; ++x, in += step, out += to) {
    if (header.color == 3) {
      if (std::size_t{*in} * 3 + 3 > header.palette.size())
        return false;
      std::memcpy(out, header.palette.data() + std::size_t{*in} * 3, 3);
      continue;
    }
    const auto value = [&](unsigned channel) {
      const auto* at = in + std::size_t{channel} * wide;
      // As png_set_scale_16: the nearest of the 256 levels.
      return wide == 1 ? at[0]
                       : static_cast<std::uint8_t>(((at[0] << 8U | at[1]) * 255U + 32'895U) >> 16U);
    };
    for (unsigned c = 0; c < 3; ++c)
      out[c] = value(is_gray ? 0 : c);
    if (to == 4)
      out[3] = value(header.channels() - 1);
  }
  return true;
}

bool is_opaque_png_row(const png_header& h, const std::uint8_t* row) {
  const auto step = h.pixel_bytes();
  std::uint8_t all = 255;
  for (auto at = step - h.depth / 8; at < h.size.width * step; at += step)
    all &= row[at];
  return all == 255;
}

} // namespace mediad::media
