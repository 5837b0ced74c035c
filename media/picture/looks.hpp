#pragma once

#include "media/picture/picture.hpp"

#include <array>
#include <cstdint>
#include <string>

/// What a page wants to know about a picture before it has loaded. It is found on a copy that is a
/// few dozen pixels wide.
namespace mediad::media {

struct image_looks {
  std::array<std::uint8_t, 3>
    dominant{};         ///< Roughly the colour that most of the picture has; sRGB.
  double focus_x = 0.5; ///< The point to keep in a crop, 0..1 from the left.
  double focus_y = 0.5; ///< The same from the top.
};

/// @param shown any size; transparent pixels do not count.
image_looks looks_of(const picture& shown);

/// `#rrggbb`.
std::string hex_color(const std::array<std::uint8_t, 3>& color);

} // namespace mediad::media
