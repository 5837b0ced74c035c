#pragma once

#include "media/audio/encoder.hpp"
#include "media/av/decoder.hpp"
#include "media/video/encoder.hpp"

#include <functional>

namespace mediad::media {

/// The sound of a video on its way from one file into another: decoded, encoded as AAC, or
/// as Opus beside AV1.
class audio_track {
public:
  /// @param file, into must outlive it. @param from a sound of that file.
  static result<audio_track> open(const av::input& file, const AVStream& from, av::mp4_output& into,
                                  const video_options& options, video_codec beside);

  /// Takes one packet of the sound.
  /// @param heard is told the time of each decoded frame, seconds from the start of the file; an
  ///              error of it ends the track.
  result<> take(const AVPacket& packet, const std::function<result<>(double)>& heard);
  result<> finish();

  /// @returns errc::corrupt_media if clearly less could be decoded than the file promises.
  result<> verdict() const;
  /// Whether anything was heard so far.
  bool any() const {
    return decoder_.tally().any();
  }

private:
  audio_track(const av::input& file, const AVStream& from, av::decoder decoder,
              audio_encoder encoder);
  result<> encode(const AVFrame& frame, const std::function<result<>(double)>& heard);

  const av::input* file_;
  const AVStream* from_;
  av::decoder decoder_;
  audio_encoder encoder_;
};

} // namespace mediad::media
