#include "media/video/encoder.hpp"

#include "media/av/frame_light.hpp"
#include "media/av/releases.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <thread>
#include <utility>

namespace mediad::media {
namespace {

constexpr double keyframe_distance_s = 2;
constexpr unsigned max_av1_threads = 16;
constexpr int buffered_s = 1; // What a player holds at the highest bit rate.

void describe(const video_encoder::source& from, AVCodecContext& encoder) {
  encoder.width = static_cast<int>(from.size.width);
  encoder.height = static_cast<int>(from.size.height);
  encoder.pix_fmt = AV_PIX_FMT_YUV420P;
  encoder.sample_aspect_ratio = {1, 1};
  encoder.time_base = video_encoder::base;
  encoder.framerate = av_d2q(from.fps, 100'000);
  encoder.gop_size = std::max(1, static_cast<int>(std::lround(from.fps * keyframe_distance_s)));
  encoder.color_range = AVCOL_RANGE_MPEG;
  encoder.colorspace = from.colours;
  encoder.color_primaries = from.primaries;
  encoder.color_trc = from.transfer;
  encoder.flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
}

av::dictionary tune_h264(const video_encoder::source& from, const video_target& to,
                         const video_options& options, AVCodecContext& encoder) {
  encoder.rc_max_rate = std::int64_t{from.max_kbps} * 1'000;
  encoder.rc_buffer_size = static_cast<int>(
    std::min<std::int64_t>(encoder.rc_max_rate * buffered_s, std::numeric_limits<int>::max()));
  av::dictionary tuning;
  tuning.set("preset", options.preset);
  tuning.set("crf", std::to_string(to.crf));
  tuning.set("profile", "high");
  if (from.regular_keyframes)
    tuning.set("sc_threshold", "0");
  return tuning;
}

av::dictionary tune_av1(const video_target& to, const video_options& options) {
  av::dictionary tuning;
  tuning.set("preset", std::to_string(options.av1_preset));
  tuning.set("crf", std::to_string(to.crf));
  // It looks at no field of libavcodec's for its threads; with more of them it takes more memory.
  const auto threads = options.threads > 0 ? options.threads : std::thread::hardware_concurrency();
  tuning.set("svtav1-params", "lp=" + std::to_string(std::clamp(threads, 1U, max_av1_threads)));
  return tuning;
}

} // namespace

video_encoder::video_encoder(av::mp4_output& into, av::codec_ptr encoder, AVStream* stream,
                             const source& from)
  : into_{&into},
    encoder_{std::move(encoder)},
    stream_{stream},
    usual_duration_{std::lround(av_q2d(av_inv_q(base)) / from.fps)},
    max_bytes_{from.max_bytes} {}

result<video_encoder> video_encoder::open(av::mp4_output& into, const source& from,
                                          const video_target& to, const video_options& options) {
  const bool av1 = to.codec == video_codec::av1;
  const auto* name = av1 ? "libsvtav1" : "libx264";
  const auto* codec = avcodec_find_encoder_by_name(name);
  if (codec == nullptr)
    return fail(errc::internal, std::string{"this libavcodec has no "} + name);
  auto encoder = av::make_codec(codec);
  describe(from, *encoder);
  encoder->thread_count = static_cast<int>(options.threads);
  auto tuning = av1 ? tune_av1(to, options) : tune_h264(from, to, options, *encoder);
  if (const int rc = avcodec_open2(encoder.get(), codec, tuning.address()); rc < 0)
    return fail(av::fail_writing(rc, std::string{"opening "} + name));
  auto stream = into.add_stream(*encoder);
  if (!stream)
    return fail(stream.error());
  return video_encoder{into, std::move(encoder), *stream, from};
}

result<> video_encoder::encode(AVFrame& frame) {
  if (last_pts_ != AV_NOPTS_VALUE && frame.pts <= last_pts_)
    return {};
  last_pts_ = frame.pts;
  const auto duration = av::duration_of(frame);
  durations_[frame.pts] = duration > 0 ? duration : usual_duration_;
  // The source's choice of frame types is not ours.
  frame.pict_type = AV_PICTURE_TYPE_NONE;
  av::drop_side_data(frame);
  return send(&frame);
}

result<> video_encoder::finish() {
  return send(nullptr);
}

result<> video_encoder::send(const AVFrame* frame) {
  int rc = avcodec_send_frame(encoder_.get(), frame);
  while (rc >= 0 && (rc = avcodec_receive_packet(encoder_.get(), packet_.get())) >= 0) {
    if (const auto known = durations_.find(packet_->pts); known != durations_.end()) {
      packet_->duration = known->second;
      durations_.erase(known);
    }
    count(*packet_);
    if (auto ok = into_->write(*packet_, *stream_, base); !ok)
      return ok;
  }
  if (rc != AVERROR(EAGAIN) && rc != AVERROR_EOF)
    return fail(av::fail_writing(rc, encoder_->codec->name));
  return {};
}

void video_encoder::count(const AVPacket& packet) {
  bytes_ += packet.size;
  if (max_bytes_ > 0 && bytes_ > max_bytes_ && !full_s_)
    full_s_ = av::seconds(packet.pts, base);
}

} // namespace mediad::media
