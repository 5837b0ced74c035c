#pragma once

#include "media/av/shape.hpp"
#include "media/job/module.hpp"

namespace mediad::media {

/// An opened file with a video stream, and how its frames are to be shown.
struct video_source {
  av::input file;
  av::video_shape shape;
};

/// Opens the input of a job that needs all of its pictures.
/// @returns errc::unsupported_media if it has none that can be decoded; else as av::input::open().
result<av::input> open_pictures(const job& work, const job_context& context);

/// @returns errc::corrupt_media or errc::too_large, see av::shape_of().
result<video_source> with_shape(av::input file, const limits& max);

/// Both. Errors are theirs.
result<video_source> open_video(const job& work, const job_context& context);

} // namespace mediad::media
