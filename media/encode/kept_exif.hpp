#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace mediad::media {

/// A new block of Exif, without `Exif\0\0`, of those parts of @p exif that @p kept names:
/// `copyright` (also the artist), `camera` (make and model), `date` (of the photograph), `gps`.
/// Nothing else of the old block is in it, the orientation neither.
/// @returns no bytes if nothing of that is there.
std::vector<std::uint8_t> kept_exif(std::span<const std::uint8_t> exif,
                                    const std::vector<std::string>& kept);

} // namespace mediad::media
