#pragma once

#include "media/av/decoder.hpp"
#include "media/job/module.hpp"

namespace mediad::media {

/// Opens the input of a job that needs all of its sound.
/// @returns errc::unsupported_media if it has no sound that can be decoded; else as
///          av::input::open().
result<av::input> open_sound(const job& work, const job_context& context);

/// Decodes the sound of @p file to its end, hands each frame to @p sink and reports progress.
/// @returns errc::too_large past the longest duration, errc::corrupt_media if the verdict of the
///          decoder's tally says so, or an error of @p sink.
result<> decode_sound(av::input& file, av::decoder& decoder, const av::decoder::frame_sink& sink,
                      const job_context& context);

} // namespace mediad::media
