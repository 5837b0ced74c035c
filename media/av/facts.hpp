#pragma once

#include "media/av/shape.hpp"

#include <string>

namespace mediad::media {

/// Frames a second, on average, 0.1..240; 25 where nothing says.
double frame_rate_of(const av::input& file, const AVStream& video);

/// What the record's `media` says of a video, a JSON object: width and height as shown, duration
/// (seconds), fps, video_codec, audio_codec (null without sound), rotation, bit_rate.
std::string video_facts(const av::input& file, const AVStream& video, const video_shape& shape);

/// The same of a sound: duration (seconds), audio_codec, sample_rate, channels, bit_rate, tags (of
/// title, artist, album, date).
/// @param decoded_s how long it turned out to be.
std::string audio_facts(const av::input& file, const AVStream& audio, double decoded_s);

} // namespace mediad::media
