#pragma once

#include "base/error.hpp"

// FFmpeg's C headers are included here and nowhere else.
extern "C" {
#include <libavcodec/avcodec.h>
#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavformat/avformat.h>
#include <libavutil/audio_fifo.h>
#include <libavutil/channel_layout.h>
#include <libavutil/display.h>
#include <libavutil/imgutils.h>
#include <libavutil/mastering_display_metadata.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>
}

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

/// Ownership over FFmpeg's handles. Each library frees by rules of its own; they are written down
/// here once. Running out of memory throws std::bad_alloc, all else is a result.
namespace mediad::media::av {

/// Calls a libav function that takes the address of the handle.
template <auto Free>
struct free_by_address {
  template <class T>
  void operator()(T* handle) const noexcept {
    Free(&handle);
  }
};

/// Calls a libav function that takes the handle itself.
template <auto Free>
struct free_by_value {
  template <class T>
  void operator()(T* handle) const noexcept {
    Free(handle);
  }
};

/// An AVIOContext of ours: its buffer may have been replaced by libav, so free the current one.
struct free_io {
  void operator()(AVIOContext* io) const noexcept {
    av_freep(&io->buffer);
    avio_context_free(&io);
  }
};

using frame_ptr = std::unique_ptr<AVFrame, free_by_address<av_frame_free>>;
using packet_ptr = std::unique_ptr<AVPacket, free_by_address<av_packet_free>>;
using codec_ptr = std::unique_ptr<AVCodecContext, free_by_address<avcodec_free_context>>;
using graph_ptr = std::unique_ptr<AVFilterGraph, free_by_address<avfilter_graph_free>>;
using resampler_ptr = std::unique_ptr<SwrContext, free_by_address<swr_free>>;
using sample_queue_ptr = std::unique_ptr<AVAudioFifo, free_by_value<av_audio_fifo_free>>;
using io_ptr = std::unique_ptr<AVIOContext, free_io>;
/// An opened input; avformat_close_input also frees the streams.
using demuxer_ptr = std::unique_ptr<AVFormatContext, free_by_address<avformat_close_input>>;
/// An output. Its pb is ours, so it is not closed here.
using muxer_ptr = std::unique_ptr<AVFormatContext, free_by_value<avformat_free_context>>;

frame_ptr make_frame();
packet_ptr make_packet();
codec_ptr make_codec(const AVCodec* codec);

/// Another reference to the same samples.
frame_ptr share(const AVFrame& frame);

/// Options for one libav call, which takes out those it knows.
class dictionary {
public:
  dictionary() = default;
  dictionary(dictionary&& other) noexcept : entries_{std::exchange(other.entries_, nullptr)} {}
  dictionary& operator=(dictionary&&) = delete;
  ~dictionary();

  void set(const char* key, const std::string& value);
  AVDictionary** address() {
    return &entries_;
  }

private:
  AVDictionary* entries_ = nullptr;
};

inline constexpr AVRational microseconds{1, AV_TIME_BASE};

/// Seconds of @p ticks; empty for AV_NOPTS_VALUE.
std::optional<double> seconds(std::int64_t ticks, AVRational base);

/// The inverse; what does not fit becomes the largest or smallest number of ticks.
std::int64_t ticks(double seconds, AVRational base);

/// Why reading failed at @p call: what the input's bytes cause is corrupt_media,
/// unsupported_media or too_large (memory counts as a limit); the disk's is storage_io.
error fail_reading(int code, std::string_view call);

/// Why writing failed at @p call: storage_full, storage_io or internal.
error fail_writing(int code, std::string_view call);

/// What @p stream says of itself under @p name, clean; empty if nothing.
std::string tag_of(const AVStream& stream, const char* name, std::size_t max_bytes);

} // namespace mediad::media::av
