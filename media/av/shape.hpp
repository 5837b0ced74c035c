#pragma once

#include "media/av/input.hpp"
#include "media/picture/picture.hpp"

namespace mediad::media::av {

/// How stored frames become the picture that people see.
struct video_shape {
  extent shown;          ///< Pixels, upright, with square pixels.
  int rotation = 0;      ///< Clockwise degrees to turn a stored frame by: 0, 90, 180, 270.
  bool mirrored = false; ///< Flipped left to right after turning.
  bool interlaced = false;
  bool high_dynamic = false; ///< PQ or HLG: brighter than sRGB can say.
  bool hybrid_log = false;   ///< HLG.

  bool sideways() const {
    return rotation == 90 || rotation == 270;
  }
};

/// @returns errc::corrupt_media for a stream without a size, errc::too_large if square pixels make
///          it larger than @p max allows.
result<video_shape> shape_of(const input& file, AVStream& video, const limits& max);

/// The YCbCr matrix of a picture in the end: that which its header says, or, where it says nothing,
/// what players guess: BT.601 up to PAL's height, BT.709 above. RGB becomes BT.709.
AVColorSpace colours_of(AVColorSpace said, int format, int stored_height);

/// @p from made to fit with its short side at most @p side pixels and its long one at most 8,192,
/// which is what H.264 players can take; both even, at least 2, as 4:2:0 video needs. Never
/// enlarged.
extent fit_short_side(extent from, std::uint32_t side);

/// The filters that make a stored frame the upright, square-pixelled picture of @p size.
/// @param format libavutil's name of a pixel format; RGB means full range sRGB.
std::string filters_for(const video_shape& shape, extent size, std::string_view format,
                        const AVFrame& frame);

} // namespace mediad::media::av
