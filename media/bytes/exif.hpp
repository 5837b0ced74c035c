#pragma once

#include <cstdint>
#include <span>

/// What is read from a block of Exif (CIPA DC-008), with or without its `Exif\0\0` before the TIFF
/// header.
namespace mediad::media {

/// The TIFF structure in the block.
std::span<const std::uint8_t> tiff_of_exif(std::span<const std::uint8_t> exif);

/// @returns 1..8 (tag 0x0112 of the first directory); 1 if there is none or it is damaged.
int exif_orientation(std::span<const std::uint8_t> exif);

} // namespace mediad::media
