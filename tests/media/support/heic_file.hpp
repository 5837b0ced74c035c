#pragma once

#include "media/picture/picture.hpp"

#include <string>

namespace mediad::tests {

/// A HEIC file.
/// @param orientation  how the picture is to be turned, as Exif counts (1..8).
std::string heic(const media::picture& whole, int orientation = 1);

/// The same with a thumbnail, whose bytes come before the picture's.
std::string heic_with_thumbnail(const media::picture& whole, const media::picture& thumbnail,
                                int orientation = 1);

} // namespace mediad::tests
