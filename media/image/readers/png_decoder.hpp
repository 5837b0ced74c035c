#pragma once

#include "base/error.hpp"
#include "media/image/stored_image.hpp"

#include <string_view>

namespace mediad::media {

/// Reads any kind of PNG by libpng, as far as its bytes go.
/// @param image has its size already, which was checked; gets pixels with alpha, profile, Exif and
///        whether it is incomplete.
/// @returns errc::corrupt_media if not even one row is there.
result<> decode_png(std::string_view bytes, const limits& max, stored_image& image);

/// The sides as the header claims them (PNG, third edition, 11.2.1).
/// @returns errc::corrupt_media if the file ends before them.
result<extent> claimed_png_size(std::string_view bytes);

} // namespace mediad::media
