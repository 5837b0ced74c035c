#pragma once

#include "media/av/input.hpp"

namespace mediad::media {

/// A frame that stands for the whole video: a keyframe from a few places, the first with enough
/// contrast, so neither a black lead-in nor a plain title. Decodes one frame a place.
/// @returns errc::corrupt_media if no frame at all can be decoded.
result<av::frame_ptr> representative_frame(av::input& file, AVStream& video);

/// Decodes exactly the next keyframe; none at the end, or a long way from one. Draining the decoder
/// at once spares it the two or three further groups of pictures that it would read to put frames
/// into order; it must be flushed before each call.
result<av::frame_ptr> next_keyframe(av::input& file, const AVStream& video,
                                    AVCodecContext& decoder);

/// Frames at rising times, by seeking or by decoding on, whichever is shorter.
class still_reader {
public:
  static result<still_reader> open(av::input& file, AVStream& video, int threads);

  /// The frame at @p at_s seconds from the start. A keyframe up to @p near_s before it will do.
  /// After the last frame: the last frame. A place that needs a very long decode gives an earlier
  /// frame.
  /// @returns errc::corrupt_media if there is none.
  result<av::frame_ptr> at(double at_s, double near_s);

private:
  still_reader(av::input& file, AVStream& video, av::codec_ptr decoder);
  bool must_seek(double at_s) const;
  /// As at(), after a seek; none instead of an error.
  result<av::frame_ptr> enter(double at_s, double near_s);
  /// As at(), from where the decoder stands; none instead of an error.
  result<av::frame_ptr> decode_to(double at_s, double near_s);

  av::input* file_;
  AVStream* video_;
  av::codec_ptr decoder_;
  av::packet_ptr packet_ = av::make_packet();
  av::frame_ptr last_; ///< The newest frame.
  double shown_s_ =
    -1; ///< Time of the newest frame; negative if none was decoded since the last seek.
  double first_s_ = -1; ///< The same for the first frame after the last seek.
  bool ended_ = false;  ///< The decoder knows that no packet follows.
};

} // namespace mediad::media
