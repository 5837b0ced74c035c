#pragma once

#include "media/picture/picture.hpp"

namespace mediad::media {

/// @p size after (or before) turning by @p orientation: 5..8 swap the sides.
extent turned(extent size, int orientation);

/// The picture as it is meant to be seen. @param orientation 1..8.
picture upright(picture stored, int orientation);

} // namespace mediad::media
