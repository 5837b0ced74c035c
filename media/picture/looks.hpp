#pragma once

#include "media/picture/picture.hpp"

#include <array>
#include <cstdint>
#include <string>

/// What a page wants to know of a picture before it has it, found on a picture of some dozen
/// pixels.
namespace mediad::media {

struct image_looks {
  std::array<std::uint8_t, 3> dominant{}; ///< The colour most of it has, roughly; sRGB.
  double focus_x = 0.5; ///< Where the eye goes, 0..1 from the left: keep it in a crop.
  double focus_y = 0.5; ///< The same from the top.
};

/// @param shown any size; transparent pixels do not count.
image_looks looks_of(const picture& shown);

/// `#rrggbb`.
std::string hex_color(const std::array<std::uint8_t, 3>& color);

} // namespace mediad::media
