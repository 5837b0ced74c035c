#pragma once

#include "media/av/shape.hpp"
#include "media/job/module.hpp"

namespace mediad::media {

/// Small pictures of the whole video on one sheet, for scrubbing: `sprite.jpg`, and `sprite.vtt`,
/// which says (WebVTT, media fragments `#xywh=`) what part of it shows which stretch of time.
/// Decodes keyframes only. Nothing for a video of which no keyframe can be decoded.
result<> add_sprite(av::input& file, const av::video_shape& shape, const job& work,
                    const job_context& context, job_result& done);

} // namespace mediad::media
