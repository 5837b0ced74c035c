#pragma once

#include "media/job/module.hpp"

namespace mediad::media {

/// What is made of a sound beside its preview: `audio.m4a` (AAC in MP4) or `audio.webm` (Opus) by
/// the settings, in stereo; `waveform.json`, its loudness over time; and in `media` the `loudness`
/// of the whole (EBU R 128: integrated, LUFS; range, LU; true peak, dBTP).
/// Reports progress, which never falls.
/// @returns errc::corrupt_media if clearly less can be decoded than the file promises.
result<job_result> audio_renditions(const job& work, const job_context& context);

} // namespace mediad::media
