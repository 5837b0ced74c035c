#pragma once

#include "media/av/handles.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

/// The few things that FFmpeg 5.1 (Debian 12) and 7.1 (Debian 13) know by different names. All
/// other code compiles with either.
namespace mediad::media::av {

// libavutil 58 came with FFmpeg 6.0; of its names, those below are there in 7.1 at the latest.
#define MEDIAD_FFMPEG_5 (LIBAVUTIL_VERSION_MAJOR < 58)

/// How long the frame is shown, in its stream's time base; 0 if that is unknown.
inline std::int64_t& duration_of(AVFrame& frame) {
#if MEDIAD_FFMPEG_5
  return frame.pkt_duration;
#else
  return frame.duration;
#endif
}

inline std::int64_t duration_of(const AVFrame& frame) {
#if MEDIAD_FFMPEG_5
  return frame.pkt_duration;
#else
  return frame.duration;
#endif
}

/// Brings duration_of(@p frame) to @p to, if the filter it comes from counts time in @p filtered.
/// Filters of 7.1 convert durations like times; those of 5.1 leave them as they came, in @p to.
inline void rescale_duration([[maybe_unused]] AVFrame& frame, [[maybe_unused]] AVRational filtered,
                             [[maybe_unused]] AVRational to) {
#if !MEDIAD_FFMPEG_5
  frame.duration = av_rescale_q(frame.duration, filtered, to);
#endif
}

inline bool is_interlaced(const AVFrame& frame) {
#if MEDIAD_FFMPEG_5
  return frame.interlaced_frame != 0;
#else
  return (frame.flags & AV_FRAME_FLAG_INTERLACED) != 0;
#endif
}

inline void call_progressive(AVFrame& frame) {
#if MEDIAD_FFMPEG_5
  frame.interlaced_frame = 0;
#else
  frame.flags &= ~AV_FRAME_FLAG_INTERLACED;
#endif
}

/// The stream's display matrix as libav keeps it; empty if it has none.
inline std::span<const std::uint8_t> display_matrix_of(const AVStream& stream) {
#if MEDIAD_FFMPEG_5
  std::size_t bytes = 0;
  const auto* data = av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, &bytes);
  return data != nullptr ? std::span{data, bytes} : std::span<const std::uint8_t>{};
#else
  const auto& codec = *stream.codecpar;
  const auto* found = av_packet_side_data_get(codec.coded_side_data, codec.nb_coded_side_data,
                                              AV_PKT_DATA_DISPLAYMATRIX);
  return found != nullptr ? std::span<const std::uint8_t>{found->data, found->size}
                          : std::span<const std::uint8_t>{};
#endif
}

#undef MEDIAD_FFMPEG_5

} // namespace mediad::media::av
