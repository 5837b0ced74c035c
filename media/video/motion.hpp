#pragma once

#include "media/av/shape.hpp"
#include "media/job/module.hpp"

namespace mediad::media {

/// `motion.webp`: some seconds of the video without sound, ten pictures a second, that fit into the
/// box of previews; of a longer video from three places, each beginning at a keyframe. Nothing if
/// the settings want none, or the video shows fewer than two pictures.
result<> add_motion(av::input& file, const av::video_shape& shape, const job_context& context,
                    job_result& done);

} // namespace mediad::media
