#pragma once

#include "base/error.hpp"
#include "media/picture/picture.hpp"

#include <OpenImageIO/imageio.h>

#include <cstdint>

namespace mediad::media {

/// What of a picture could be read.
struct read_part {
  picture pixels;
  bool is_incomplete = false;
};

/// The pixels of an opened reader's current picture as 8-bit RGB or RGBA, some rows at a time, so
/// that a picture of floats never exists as a whole. Gray becomes RGB; channels past the fourth are
/// left out. Floats are taken as linear light.
/// @param factor the side of the squares of pixels whose means are enough. A picture that something
///        is seen through comes whole all the same, as the colour of what is not seen must not
///        count.
/// @param may_be_cut whether the rows above those at which the reader stumbles are right: such a
///        picture is incomplete, and gray where nothing could be read.
/// @returns errc::corrupt_media if the reader stumbles otherwise, even if it then claims success.
result<read_part> read_pixels(OIIO::ImageInput& reader, std::uint32_t factor, bool may_be_cut);

} // namespace mediad::media
