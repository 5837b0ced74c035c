#pragma once

#include "media/av/shape.hpp"
#include "media/facts/file_facts.hpp"

#include <cstdint>
#include <string>

namespace mediad::media::av {

/// Frames a second, on average, 0.1..240; 25 if the file does not say.
double frame_rate_of(const input& file, const AVStream& video);

/// What the record's `media` says of a video, a JSON object: width and height as shown, duration
/// (seconds), fps, video_codec, audio_codec (null without sound), rotation, bit_rate.
std::string video_facts(const input& file, const AVStream& video, const video_shape& shape);

/// The same for a sound: duration (seconds), audio_codec, sample_rate, channels, bit_rate, tags (of
/// title, artist, album, date).
/// @param decoded_s seconds that were decoded, or the best guess before that. The header's length
///   counts as long as both agree: only the header knows what is cut off at the ends.
std::string audio_facts(const input& file, const AVStream& audio, double decoded_s);

/// What @p file says of its origin by its tags, which Ogg keeps with the stream of a sound; the
/// language is that of its sound.
file_facts origin_of(const input& file);

/// What decoding a sound has found out about its length, for facts that were made before: the
/// members duration and bit_rate of audio_facts().
struct audio_length {
  double duration_s = 0;     ///< Seconds, rounded to thousandths.
  std::int64_t bit_rate = 0; ///< Bits a second; 0: unknown.
};
audio_length audio_length_of(const input& file, const AVStream& audio, double decoded_s);

/// Whether @p stream is sound, decodable or not.
bool is_sound(const AVStream& stream);

/// The language of @p stream, ISO 639-2 as the file has it; empty if the file does not say.
std::string language_of(const AVStream& stream);

/// The title of @p stream, at most 128 bytes; empty if it has none.
std::string title_of(const AVStream& stream);

/// The facts about the tracks of sound in @p file, a JSON array: the codec, language, title and
/// channels of each, and whether it is the one that is kept where there is room for one. Empty if
/// the file has fewer than two.
std::string facts_of_sounds(const input& file);

} // namespace mediad::media::av
