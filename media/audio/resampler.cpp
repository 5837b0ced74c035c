#include "media/audio/resampler.hpp"

#include <algorithm>
#include <array>

namespace mediad::media {
namespace {

// Outside of these no recording is sound, and resampling would multiply a small file.
constexpr int lowest_rate = 1'000;
constexpr int highest_rate = 1'536'000;
constexpr int max_channels = 64;

/// A channel layout that frees what libav put into it.
class layout {
public:
  explicit layout(int channels) {
    av_channel_layout_default(&value_, channels);
  }
  explicit layout(const AVChannelLayout& like) {
    // Without names for its channels they are taken in the usual order.
    if (like.order == AV_CHANNEL_ORDER_UNSPEC || av_channel_layout_copy(&value_, &like) < 0)
      av_channel_layout_default(&value_, like.nb_channels);
  }
  layout(const layout&) = delete;
  layout& operator=(const layout&) = delete;
  ~layout() {
    av_channel_layout_uninit(&value_);
  }
  AVChannelLayout* get() {
    return &value_;
  }

private:
  AVChannelLayout value_{};
};

std::uint64_t mask_of(const AVChannelLayout& l) {
  return l.order == AV_CHANNEL_ORDER_NATIVE ? l.u.mask : 0;
}

} // namespace

result<> audio_resampler::build(const AVFrame& like) {
  const int channels = like.ch_layout.nb_channels;
  if (like.sample_rate < lowest_rate || like.sample_rate > highest_rate || channels < 1
      || channels > max_channels)
    return fail(errc::corrupt_media, "sound of " + std::to_string(like.sample_rate) + " Hz, "
                                       + std::to_string(channels) + " channels");
  if (rate_ == 0)
    rate_ = like.sample_rate;
  layout from{like.ch_layout};
  layout to{channels_};
  SwrContext* raw = nullptr;
  int rc =
    swr_alloc_set_opts2(&raw, to.get(), AV_SAMPLE_FMT_FLTP, rate_, from.get(),
                        static_cast<AVSampleFormat>(like.format), like.sample_rate, 0, nullptr);
  resampler_.reset(raw);
  if (rc >= 0)
    rc = swr_init(raw);
  if (rc < 0)
    return fail(av::fail_reading(rc, "swr_init"));
  from_rate_ = like.sample_rate;
  from_format_ = like.format;
  from_channels_ = channels;
  from_mask_ = mask_of(like.ch_layout);
  return {};
}

result<> audio_resampler::convert(const AVFrame& frame) {
  count_ = 0;
  const bool fits = resampler_ && frame.sample_rate == from_rate_ && frame.format == from_format_
                    && frame.ch_layout.nb_channels == from_channels_
                    && mask_of(frame.ch_layout) == from_mask_;
  if (!fits) {
    if (auto ok = finish(); !ok)
      return ok;
    if (auto ok = build(frame); !ok)
      return ok;
  }
  return pull(&frame);
}

result<> audio_resampler::finish() {
  count_ = 0;
  if (!resampler_)
    return {};
  auto done = pull(nullptr);
  resampler_.reset();
  return done;
}

result<> audio_resampler::pull(const AVFrame* frame) {
  const int in = frame == nullptr ? 0 : frame->nb_samples;
  const int room = swr_get_out_samples(resampler_.get(), in);
  if (room < 0)
    return fail(av::fail_reading(room, "swr_get_out_samples"));
  const auto needed = count_ + static_cast<std::size_t>(room);
  std::array<std::uint8_t*, 2> out{};
  for (std::size_t i = 0; i < static_cast<std::size_t>(channels_); ++i) {
    planes_[i].resize(std::max(planes_[i].size(), needed));
    out[i] = reinterpret_cast<std::uint8_t*>(planes_[i].data() + count_);
  }
  // swr_convert reads the planes it is given and declares them without the second const.
  auto** planes =
    frame == nullptr ? nullptr : const_cast<const std::uint8_t**>(frame->extended_data);
  const int made = swr_convert(resampler_.get(), out.data(), room, planes, in);
  if (made < 0)
    return fail(av::fail_reading(made, "swr_convert"));
  count_ += static_cast<std::size_t>(made);
  return {};
}

} // namespace mediad::media
