#include "media/video/warm_up.hpp"

#include "media/av/frame_picture.hpp"
#include "media/encode/warm_up.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace mediad::media {
namespace {

// Decoding a frame of 1080 lines takes about this much memory.
constexpr std::size_t working_bytes = 10U << 20U;
constexpr int side = 64;

void open_decoder(AVCodecID id) {
  const auto* codec = avcodec_find_decoder(id);
  if (codec == nullptr)
    return;
  auto decoder = av::make_codec(codec);
  decoder->width = side;
  decoder->height = side;
  decoder->thread_count = 1;
  // If it fails, the job's own decoder does this work.
  static_cast<void>(avcodec_open2(decoder.get(), codec, nullptr));
}

void convert_frame() {
  const auto frame = av::make_frame();
  frame->width = side;
  frame->height = side;
  frame->format = AV_PIX_FMT_YUV420P;
  if (av_frame_get_buffer(frame.get(), 0) < 0)
    return;
  for (int plane = 0; plane < 3; ++plane)
    std::memset(frame->data[plane], 0,
                static_cast<std::size_t>(frame->linesize[plane]) * (plane == 0 ? side : side / 2));
  av::video_shape shape;
  shape.shown = {side, side};
  static_cast<void>(av::to_picture(*frame, shape, {side / 2, side / 2}));
}

} // namespace

void warm_up_video_preview() {
  av_log_set_level(AV_LOG_QUIET);
  keep_memory(working_bytes);
  open_decoder(AV_CODEC_ID_H264);
  convert_frame();
  warm_up_encoding(detailed_picture());
}

} // namespace mediad::media
