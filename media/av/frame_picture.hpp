#pragma once

#include "media/av/shape.hpp"
#include "media/picture/picture.hpp"

namespace mediad::media::av {

/// @p frame upright and in sRGB, scaled to @p size.
result<picture> to_picture(const AVFrame& frame, const video_shape& shape, extent size);

/// How much the brightness of @p frame varies: its standard deviation on a coarse grid, 0..127.
double contrast(const AVFrame& frame);

} // namespace mediad::media::av
