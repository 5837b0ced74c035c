#pragma once

#include "media/av/handles.hpp"

#include <span>
#include <vector>

namespace mediad::media {

/// Decoded sound as 32-bit floats at one rate, mono or stereo, whatever the frames come as; they
/// may change midway.
class audio_resampler {
public:
  /// @param rate     samples/s of what comes out; 0: that of the first frame.
  /// @param channels 1 or 2.
  audio_resampler(int rate, int channels) : rate_{rate}, channels_{channels} {}

  /// Converts one frame; the samples stay in planes() until the next call.
  /// @returns errc::corrupt_media for a frame that is no sound.
  result<> convert(const AVFrame& frame);
  /// What resampling held back.
  result<> finish();

  /// The newest samples of one channel.
  std::span<const float> plane(int channel) const {
    return {planes_[static_cast<std::size_t>(channel)].data(), count_};
  }
  std::size_t count() const {
    return count_;
  }
  int rate() const {
    return rate_;
  }

private:
  result<> build(const AVFrame& like);
  result<> pull(const AVFrame* frame);

  int rate_;
  int channels_;
  av::resampler_ptr resampler_;
  int from_rate_ = 0;
  int from_format_ = -1;
  int from_channels_ = 0;
  std::uint64_t from_mask_ = 0;
  std::vector<float> planes_[2];
  std::size_t count_ = 0;
};

} // namespace mediad::media
