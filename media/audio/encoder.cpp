#include "media/audio/encoder.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <utility>
#include <vector>

namespace mediad::media {
namespace {

constexpr double tolerated_drift_s = 0.1;
constexpr int stereo = 2;

} // namespace

audio_encoder::audio_encoder(av::mp4_output& into, av::codec_ptr encoder, AVStream* stream)
  : into_{&into},
    encoder_{std::move(encoder)},
    stream_{stream},
    resampler_{encoder_->sample_rate, stereo},
    queue_{av_audio_fifo_alloc(AV_SAMPLE_FMT_FLTP, stereo, encoder_->frame_size)} {
  if (!queue_)
    throw std::bad_alloc{};
}

result<audio_encoder> audio_encoder::open(av::mp4_output& into, int source_rate,
                                          std::uint32_t kbps) {
  return open_as(into, "aac", AV_SAMPLE_FMT_FLTP, source_rate == 44'100 ? 44'100 : 48'000, kbps);
}

result<audio_encoder> audio_encoder::open_opus(av::mp4_output& into, std::uint32_t kbps) {
  return open_as(into, "libopus", AV_SAMPLE_FMT_FLT, 48'000, kbps);
}

result<audio_encoder> audio_encoder::open_as(av::mp4_output& into, const char* name,
                                             AVSampleFormat format, int rate, std::uint32_t kbps) {
  const auto* codec = avcodec_find_encoder_by_name(name);
  if (codec == nullptr)
    return fail(errc::internal, std::string{"this libavcodec has no encoder "} + name);
  auto encoder = av::make_codec(codec);
  encoder->sample_fmt = format;
  encoder->sample_rate = rate;
  av_channel_layout_default(&encoder->ch_layout, stereo);
  encoder->bit_rate = std::int64_t{kbps} * 1'000;
  encoder->time_base = {1, encoder->sample_rate};
  encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  if (const int rc = avcodec_open2(encoder.get(), codec, nullptr); rc < 0)
    return fail(av::fail_writing(rc, std::string{"opening "} + name));
  auto stream = into.add_stream(*encoder);
  if (!stream)
    return fail(stream.error());
  return audio_encoder{into, std::move(encoder), *stream};
}

result<> audio_encoder::encode(const AVFrame& frame, std::optional<double> at_s) {
  const double rate = resampler_.rate();
  const std::int64_t due = at_s ? av::ticks(*at_s, encoder_->time_base) : 0;
  if (!next_pts_)
    next_pts_ = std::max(std::int64_t{0}, due);
  const auto have = *next_pts_ + av_audio_fifo_size(queue_.get());
  const auto drift = at_s ? static_cast<double>(due - have) : 0;
  if (drift < -tolerated_drift_s * rate)
    return {};
  if (drift > tolerated_drift_s * rate)
    if (auto ok = silence(due - have); !ok)
      return ok;
  if (auto ok = resampler_.convert(frame); !ok)
    return ok;
  return queue(resampler_.plane(0), resampler_.plane(1));
}

result<> audio_encoder::finish() {
  if (!next_pts_)
    return {};
  if (auto ok = resampler_.finish(); !ok)
    return ok;
  if (auto ok = queue(resampler_.plane(0), resampler_.plane(1)); !ok)
    return ok;
  if (auto ok = drain(1); !ok)
    return ok;
  return send(nullptr);
}

result<> audio_encoder::silence(std::int64_t samples) {
  const std::vector<float> nothing(4096);
  while (samples > 0) {
    const auto piece = std::min(samples, static_cast<std::int64_t>(nothing.size()));
    const std::span<const float> quiet{nothing.data(), static_cast<std::size_t>(piece)};
    if (auto ok = queue(quiet, quiet); !ok)
      return ok;
    samples -= piece;
  }
  return {};
}

result<> audio_encoder::queue(std::span<const float> left, std::span<const float> right) {
  // av_audio_fifo_write only reads, but takes pointers to what it could change.
  std::array<void*, 2> planes{const_cast<float*>(left.data()), const_cast<float*>(right.data())};
  const int count = static_cast<int>(left.size());
  if (count > 0 && av_audio_fifo_write(queue_.get(), planes.data(), count) < count)
    throw std::bad_alloc{};
  return drain(encoder_->frame_size);
}

result<> audio_encoder::drain(int at_least) {
  while (av_audio_fifo_size(queue_.get()) >= at_least) {
    const auto frame = av::make_frame();
    frame->nb_samples = std::min(encoder_->frame_size, av_audio_fifo_size(queue_.get()));
    frame->format = encoder_->sample_fmt;
    frame->sample_rate = encoder_->sample_rate;
    if (av_channel_layout_copy(&frame->ch_layout, &encoder_->ch_layout) < 0
        || av_frame_get_buffer(frame.get(), 0) < 0)
      throw std::bad_alloc{};
    fill(*frame);
    frame->pts = *next_pts_;
    *next_pts_ += frame->nb_samples;
    if (auto ok = send(frame.get()); !ok)
      return ok;
  }
  return {};
}

void audio_encoder::fill(AVFrame& frame) {
  const auto count = static_cast<std::size_t>(frame.nb_samples);
  if (frame.format == AV_SAMPLE_FMT_FLTP) {
    std::array<void*, stereo> planes{frame.data[0], frame.data[1]};
    av_audio_fifo_read(queue_.get(), planes.data(), frame.nb_samples);
    return;
  }
  std::vector<float> left(count);
  std::vector<float> right(count);
  std::array<void*, stereo> planes{left.data(), right.data()};
  av_audio_fifo_read(queue_.get(), planes.data(), frame.nb_samples);
  auto* into = reinterpret_cast<float*>(frame.data[0]);
  for (std::size_t i = 0; i < count; ++i) {
    into[2 * i] = left[i];
    into[2 * i + 1] = right[i];
  }
}

result<> audio_encoder::send(const AVFrame* frame) {
  int rc = avcodec_send_frame(encoder_.get(), frame);
  while (rc >= 0 && (rc = avcodec_receive_packet(encoder_.get(), packet_.get())) >= 0)
    if (auto ok = into_->write(*packet_, *stream_, encoder_->time_base); !ok)
      return ok;
  if (rc != AVERROR(EAGAIN) && rc != AVERROR_EOF)
    return fail(av::fail_writing(rc, "encoding sound"));
  return {};
}

} // namespace mediad::media
