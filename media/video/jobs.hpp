#pragma once

#include "media/job/module.hpp"

/// The jobs of a video. Each opens its input anew; all of them refuse what av::input::open refuses.
namespace mediad::media {

/// `preview.webp` of a representative frame, upright, and the video's facts: width and height as
/// shown, duration, fps, video_codec, audio_codec, rotation, bit_rate.
/// A container that turns out to hold only sound gets audio_preview() instead, and its kind is
/// profile::audio in the result.
result<job_result> video_preview(const job& work, const job_context& context);

/// `poster.jpg`, the representative frame, and `still-1.jpg` …, evenly spread; each with a long
/// side of at most 1,920 pixels; `motion.webp` and `sprite.jpg` with `sprite.vtt`, see there.
result<job_result> video_screenshots(const job& work, const job_context& context);

/// `video.mp4`: H.264 and AAC, upright, index in front, nothing of the original's metadata.
/// Also `subtitles-1.vtt` … and, by setting, `video-av1.webm`. Reports progress, which never falls,
/// by time.
/// @returns errc::corrupt_media if clearly less could be decoded than the file promises; nothing is
///          left on disk then.
result<job_result> video_compress(const job& work, const job_context& context);

} // namespace mediad::media
