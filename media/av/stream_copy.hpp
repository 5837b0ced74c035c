#pragma once

#include "media/av/decoder.hpp"
#include "media/av/output.hpp"

#include <vector>

namespace mediad::media::av {

/// The packets of one stream, moved as they are into an MP4. Each is looked at first, as players
/// are stricter than decoders.
class stream_copy {
public:
  /// @param file, into must outlive it.
  static result<stream_copy> open(mp4_output& into, const input& file, const AVStream& from);

  /// Takes the packet's data.
  /// @returns false for one that an MP4 for players must not hold: without a time or out of order,
  ///          cut by an edit list, a picture before the first keyframe or ten seconds after one,
  ///          new codec parameters, H.264 whose structure is broken.
  result<bool> take(AVPacket& packet);

  /// Where the last packet ends, seconds from the start of the file.
  double end_s() const {
    return end_s_;
  }

  /// Whether as much came as the header promises.
  bool is_whole() const {
    return packets_ > 0 && undated_.empty()
           && end_s_ + tolerated_loss_s(promised_s_) >= promised_s_;
  }

private:
  stream_copy(mp4_output& into, const input& file, const AVStream& from, AVStream* to);
  result<bool> take_dated(AVPacket& packet);
  result<bool> date_first(std::int64_t next_dts);
  bool is_fit(const AVPacket& packet);

  mp4_output* into_;
  const AVStream* from_;
  AVStream* to_;
  std::int64_t start_;
  double promised_s_;
  /// Matroska does not say when the first few are due for decoding: they wait for one that knows.
  std::vector<packet_ptr> undated_;
  std::int64_t packets_ = 0;
  std::int64_t last_dts_ = AV_NOPTS_VALUE;
  double keyframe_s_ = 0;
  double end_s_ = 0;
};

/// Whether @p packet is a row of H.264 units (ISO/IEC 14496-10, 7.3.1), as @p from says: each led
/// by its length, or by a start code.
bool is_h264(const AVPacket& packet, const AVCodecParameters& from);

} // namespace mediad::media::av
