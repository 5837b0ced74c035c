#pragma once

#include "media/job/module.hpp"

namespace mediad::media {

inline constexpr const char* av1_output_name = "video-av1.webm";

/// `video-av1.webm`: AV1 and Opus, otherwise as `video.mp4`. Nothing for a picture that the
/// encoder does not take: a side below 64 pixels, 16,384 wide or 8,704 high at most. Reports
/// progress, which never falls, by time.
/// @returns what video_compress() returns.
result<> add_av1(const job& work, const job_context& context, job_result& done);

} // namespace mediad::media
