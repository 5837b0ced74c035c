#pragma once

#include "media/av/filter_graph.hpp"
#include "media/job/module.hpp"
#include "media/video/encoder.hpp"
#include "media/video/sound_track.hpp"

#include <optional>

namespace mediad::media {

/// One file on its way through decoders, filters and encoders, packet by packet: into an MP4 of
/// H.264 and AAC, or a WebM of AV1 and Opus.
class video_pass {
public:
  video_pass(av::input& file, const av::video_shape& shape, const video_target& to,
             const job_context& context);
  video_pass(const video_pass&) = delete; // The filters point to this object.

  /// @param max_bytes the pictures may have before the encode is given up; 0: any number.
  result<> open(const folder_entry& output, double max_bytes);
  /// Nothing is left on disk if it was given up.
  result<> run();
  /// How many times larger than allowed the pictures become; 1 or less: they are small enough.
  double excess() const;
  extent size() const {
    return size_;
  }

private:
  result<> take(const AVPacket& packet);
  result<> take_picture(AVFrame& frame);
  result<> drain();
  result<> check_outcome() const;
  result<> check_time(double at_s) const;
  void report(double at_s);

  av::input& file_;
  const job_context& context_;
  AVStream& video_;
  AVStream* audio_;
  av::video_shape shape_;
  video_target to_;
  extent size_;
  av::timeline timeline_;
  av::video_graph graph_;
  std::optional<av::decoder> pictures_;
  std::optional<av::mp4_output> output_;
  std::optional<video_encoder> video_encoder_;
  std::optional<audio_track> sound_;
  double furthest_s_ = 0; ///< The latest end of a packet of any stream.
  double reported_ = 0;
};

} // namespace mediad::media
