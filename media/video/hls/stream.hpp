#pragma once

#include "media/job/module.hpp"

namespace mediad::media {

/// Renditions for HTTP Live Streaming (RFC 8216 with fragmented MP4), if the settings want them:
/// `hls.m3u8`, and for each rung one file with all its segments, `hls-<side>.mp4`, with its
/// playlist `hls-<side>.m3u8`, which names them by byte ranges; `hls-audio.mp4`,
/// `hls-audio-2.mp4` … and their playlists for the first eight tracks of sound, the default one
/// first. The source is decoded once for all of them. Reports progress, which never
/// falls, by time.
/// @returns errc::corrupt_media if clearly less could be decoded than the file promises.
result<job_result> video_stream(const job& work, const job_context& context);

} // namespace mediad::media
