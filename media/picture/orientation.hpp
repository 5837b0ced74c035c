#pragma once

#include "media/picture/picture.hpp"

#include <cstdint>
#include <span>

namespace mediad::media {

/// The orientation in a block of Exif, with or without its `Exif\0\0` before the TIFF header.
/// @returns 1..8 (CIPA DC-008, tag 0x0112 of the first directory); 1 if there is none or it is
/// damaged.
int exif_orientation(std::span<const std::uint8_t> exif);

/// @p size after (or before) turning by @p orientation: 5..8 swap the sides.
extent turned(extent size, int orientation);

/// The picture as it is meant to be seen. @param orientation 1..8.
picture upright(picture stored, int orientation);

} // namespace mediad::media
