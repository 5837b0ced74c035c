#pragma once

#include "media/av/input.hpp"
#include "media/picture/picture.hpp"

#include <optional>

namespace mediad::media {

/// The picture that a sound file brings along, in sRGB; none if it has none that can be decoded.
/// @param box it need not be larger than this, pixels.
std::optional<picture> cover_of(const av::input& file, std::uint32_t box, const limits& max);

} // namespace mediad::media
