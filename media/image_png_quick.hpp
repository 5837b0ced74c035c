#pragma once

#include "media/image.hpp"

#include <string_view>

namespace mediad::media {

/// Reads the pixels of the usual kinds of PNG, which are not interlaced and have neither a colour
/// profile, a gamma nor a transparent colour, in a third of libpng's time: inflated in one go by
/// libdeflate.
/// @param image has its size already, which was checked; gets pixels and Exif.
/// @returns false for the other kinds, errc::corrupt_media for damaged or cut off bytes.
result<bool> read_png_quickly(std::string_view bytes, const limits& max, stored_image& image);

} // namespace mediad::media
