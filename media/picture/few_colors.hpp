#pragma once

#include "media/picture/picture.hpp"

namespace mediad::media {

/// Whether @p p has no more than 256 colours, as icons, pixel art, codes and drawings have: halving
/// their chroma smears them. Colours of what is not seen count as one.
bool has_few_colors(const picture& p);

} // namespace mediad::media
