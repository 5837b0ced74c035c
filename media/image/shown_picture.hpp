#pragma once

#include "media/image/image.hpp"

#include <string>

/// What the preview and the ladder share.
namespace mediad::media {

/// The picture at the size @p shown and upright: shrunk before it is converted and turned, so that
/// those see few pixels.
/// @param in_srgb else its colours are those of its profile.
result<picture> shown_picture(const stored_image& image, extent shown, bool in_srgb = true);

/// `{"width": …, "height": …, "orientation": …}` of the picture as it is shown.
std::string facts_of(const stored_image& image);

} // namespace mediad::media
