#pragma once

#include "media/job/module.hpp"

namespace mediad::media {

/// `preview.webp`, the cover or else the waveform of the whole file, and the sound's facts:
/// duration, audio_codec, sample_rate, channels, bit_rate, tags. Without a cover, everything is
/// decoded once, in bounded memory.
/// @returns errc::corrupt_media if clearly less can be decoded than the file promises,
///          errc::too_large past the longest duration.
result<job_result> audio_preview(const job& work, const job_context& context);

} // namespace mediad::media
