#pragma once

#include "media/image/stored_image.hpp"

#include <string_view>

namespace mediad::media {

/// Reads the pixels of the usual kinds of PNG, which are not interlaced and have neither a colour
/// profile, a gamma nor a transparent colour, in a third of libpng's time: inflated in one go by
/// libdeflate.
/// @param wanted an opaque picture may come at a smaller size that suffices.
/// @param image has its size already, which was checked; gets pixels and Exif.
/// @returns false for the other kinds, and for damaged or cut off bytes: libpng reads those.
bool read_png_quickly(std::string_view bytes, wanted_size wanted, const limits& max,
                      stored_image& image);

} // namespace mediad::media
