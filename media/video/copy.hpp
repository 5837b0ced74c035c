#pragma once

#include "media/job/module.hpp"
#include "media/video/policy.hpp"

namespace mediad::media {

/// Moves the picture of @p file, and its sound or (video_method::audio) that sound encoded, into a
/// new MP4 without decoding the picture. Packets are looked at on their way: their order, their
/// structure, how far apart keyframes are, how long they are altogether.
/// @param file is read to its end.
/// @returns false if the copy would not play well or the file looks damaged: what decoding makes of
///          it then decides. Nothing is left on disk then, or after an error.
result<bool> copy_video(av::input& file, video_method method, const folder_entry& output,
                        const job_context& context);

} // namespace mediad::media
