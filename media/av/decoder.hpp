#pragma once

#include "media/av/input.hpp"

#include <functional>

namespace mediad::media::av {

/// What came of decoding one stream, to tell damage from the oddities of sound files: streams that
/// begin in the middle of a group of pictures, end early or have long gaps.
class decode_tally {
public:
  decode_tally(const input& file, const AVStream& stream);

  void saw_packet(const AVPacket& packet);
  void saw_fault();
  void saw_frame(const AVFrame& frame);

  bool any() const {
    return frames_ > 0;
  }
  /// When the newest frame begins, seconds from the start of the file.
  double shown_s() const {
    return shown_s_;
  }
  /// The end of what was decoded, seconds from the start of the file.
  double decoded_s() const {
    return decoded_s_;
  }

  /// @returns errc::corrupt_media if nothing was decoded, more than 5 % of the packets were faulty,
  ///          or clearly less was decoded than the packets or the header say.
  result<> verdict() const;

private:
  double length_s(const AVFrame& frame) const;

  const AVStream* stream_;
  double start_s_;
  double promised_s_; ///< Length by the header; 0: it does not say.
  std::int64_t packets_ = 0;
  std::int64_t faults_ = 0;
  std::int64_t frames_ = 0;
  double packets_s_ = 0;
  double decoded_s_ = 0;
  double shown_s_ = 0;
  double longest_gap_s_ = 0; ///< The longest time between two frames.
};

/// How much may be missing from @p length_s seconds before a file counts as damaged.
double tolerated_loss_s(double length_s);

/// @returns errc::corrupt_media if the index of @p stream points past the end of the file for more
///          than that: what a cut-off upload looks like, known before anything is decoded.
result<> check_index(const input& file, AVStream& stream);

/// Decodes one stream from its start to its end and keeps count of what goes wrong. What a decoder
/// cannot use is passed over, as players do.
class decoder {
public:
  using frame_sink = std::function<result<>(AVFrame&)>;

  static result<decoder> open(const input& file, const AVStream& stream, const decoding& how);

  /// Takes one packet of the stream and hands on each frame that comes of it; an error of @p sink
  /// ends it.
  result<> feed(const AVPacket& packet, const frame_sink& sink);
  /// Hands on the frames held back. Nothing can be fed after it.
  result<> finish(const frame_sink& sink);

  const decode_tally& tally() const {
    return tally_;
  }

private:
  decoder(codec_ptr codec, decode_tally tally, std::optional<std::int64_t> samples);
  result<> receive(const frame_sink& sink);
  bool keep_counted(AVFrame& frame);

  codec_ptr codec_;
  decode_tally tally_;
  std::optional<std::int64_t> samples_left_; ///< What follows them is padding; empty: nothing is.
  frame_ptr frame_ = make_frame();
};

/// Puts packets of MPEG-TS, whose clock may be set anew in the middle, onto one continuous line.
class timeline {
public:
  explicit timeline(const input& file);
  void align(AVPacket& packet);

private:
  const input* file_;
  std::int64_t offset_us_ = 0;
  std::vector<std::optional<std::int64_t>>
    next_us_; ///< When the next packet of each stream is due.
};

} // namespace mediad::media::av
