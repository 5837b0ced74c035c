#pragma once

#include "media/settings.hpp"
#include "media/video/encoder.hpp"

#include <string_view>

namespace mediad::media {

/// What compressing a video comes to.
enum class video_method {
  remux,  ///< Nothing is encoded: picture and sound are moved into a new file.
  audio,  ///< The picture is moved, the sound encoded.
  encode, ///< Both are encoded.
};

/// The word for it in the record: `remux`, `audio`, `encode`.
std::string_view to_string(video_method method);

/// The least work that leads to a video which every browser plays: H.264 in 8 bits 4:2:0,
/// progressive, of standard brightness, upright with square pixels, no larger and of no higher bit
/// rate than the options allow, with AAC in stereo, MP3 or no sound. By the header; a copy looks at
/// the packets, too.
video_method method_for(const av::input& file, const AVStream& video, const av::video_shape& shape,
                        const video_options& options);

/// The bit rate that an encoder may not exceed, kbit/s: the options' and, where it is known, that
/// of the source, with an allowance for codecs that need less than H.264 does.
std::uint32_t highest_kbps(const av::input& file, const AVStream& video,
                           const video_options& options);

/// The same for a rung of @p side pixels, the shorter one, in a ladder whose rungs may have @p
/// most.
std::uint32_t kbps_of_rung(std::uint32_t side, std::uint32_t most);

/// How many times the size of its source a video may have: codecs that need less than H.264 does
/// are allowed for.
double tolerated_growth(const AVStream& video);

/// What an encoder must know to make pictures of @p size.
video_encoder::source source_for(const av::input& file, const av::video_shape& shape, extent size,
                                 const video_options& options);

} // namespace mediad::media
