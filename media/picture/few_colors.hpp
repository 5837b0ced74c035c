#pragma once

#include "media/picture/picture.hpp"
#include "media/picture/planes.hpp"

namespace mediad::media {

/// Whether @p p has no more than 256 colours, as icons, pixel art, codes and drawings have: halving
/// their chroma smears them. Colours of what is not seen count as one.
bool has_few_colors(const picture& p);

/// The same of planes with full chroma.
bool has_few_colors(const planar& p);

} // namespace mediad::media
