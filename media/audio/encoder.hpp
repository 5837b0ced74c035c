#pragma once

#include "media/audio/resampler.hpp"
#include "media/av/output.hpp"

namespace mediad::media {

/// AAC or Opus in stereo into one file.
class audio_encoder {
public:
  /// @param source_rate samples/s of the sound to come; 44,100 is kept, all else becomes 48,000.
  /// @param into must outlive it.
  static result<audio_encoder> open(av::mp4_output& into, int source_rate, std::uint32_t kbps);

  /// Opus at 48,000 samples/s.
  static result<audio_encoder> open_opus(av::mp4_output& into, std::uint32_t kbps);

  /// Encodes decoded sound. Gaps of more than a tenth of a second become silence and overlaps are
  /// dropped, so that sound stays with the picture.
  /// @param at_s seconds from the start of the file; empty: right after the sound before it.
  result<> encode(const AVFrame& frame, std::optional<double> at_s);
  result<> finish();

private:
  static result<audio_encoder> open_as(av::mp4_output& into, const char* name,
                                       AVSampleFormat format, int rate, std::uint32_t kbps);
  audio_encoder(av::mp4_output& into, av::codec_ptr encoder, AVStream* stream);
  result<> silence(std::int64_t samples);
  result<> queue(std::span<const float> left, std::span<const float> right);
  result<> drain(int at_least);
  void fill(AVFrame& frame);
  result<> send(const AVFrame* frame);

  av::mp4_output* into_;
  av::codec_ptr encoder_;
  AVStream* stream_;
  audio_resampler resampler_;
  av::sample_queue_ptr queue_;
  av::packet_ptr packet_ = av::make_packet();
  std::optional<std::int64_t> next_pts_; ///< Time of the first sample in queue_, in samples.
};

} // namespace mediad::media
