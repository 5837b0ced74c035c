#include "media/av_rehearsal.hpp"

#include "media/encode.hpp"
#include "media/thumbhash.hpp"
#include "media/video_frames.hpp"

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <malloc.h>

namespace mediad::media {
namespace {

// What decoding a frame of 1080 lines takes.
constexpr std::size_t working_bytes = 10U << 20U;
constexpr int largest_kept_block = 32 << 20;
constexpr int most_kept = 64 << 20;
constexpr int side = 64;
constexpr int quality = 75;
constexpr int method = 4;

/// Memory that the kernel has given already, kept by malloc for what comes.
void get_memory() {
  ::mallopt(M_MMAP_THRESHOLD, largest_kept_block);
  ::mallopt(M_TRIM_THRESHOLD, most_kept);
  void* block = std::malloc(working_bytes);
  if (block == nullptr)
    return;
  std::memset(block, 1, working_bytes);
  // A write that nobody reads may be left out, unless somebody might.
  asm volatile("" : : "r"(block) : "memory");
  std::free(block);
}

void open_decoder(AVCodecID id) {
  const auto* codec = avcodec_find_decoder(id);
  if (codec == nullptr)
    return;
  auto decoder = av::make_codec(codec);
  decoder->width = side;
  decoder->height = side;
  decoder->thread_count = 1;
  // Nothing is lost if it fails.
  static_cast<void>(avcodec_open2(decoder.get(), codec, nullptr));
}

void make_preview() {
  const auto frame = av::make_frame();
  frame->width = side;
  frame->height = side;
  frame->format = AV_PIX_FMT_YUV420P;
  if (av_frame_get_buffer(frame.get(), 0) < 0)
    return;
  for (int plane = 0; plane < 3; ++plane)
    std::memset(frame->data[plane], 0,
                static_cast<std::size_t>(frame->linesize[plane]) * (plane == 0 ? side : side / 2));
  video_shape shape;
  shape.shown = {side, side};
  const auto shown = to_picture(*frame, shape, {side / 2, side / 2});
  if (!shown)
    return;
  static_cast<void>(encode_webp(*shown, quality, method));
  static_cast<void>(thumbhash_base64(*shown));
}

} // namespace

void rehearse_preview() {
  av_log_set_level(AV_LOG_QUIET);
  get_memory();
  open_decoder(AV_CODEC_ID_H264);
  make_preview();
}

} // namespace mediad::media
