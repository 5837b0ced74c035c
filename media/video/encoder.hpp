#pragma once

#include "media/av/output.hpp"
#include "media/av/shape.hpp"
#include "media/settings.hpp"

#include <map>
#include <optional>

namespace mediad::media {

enum class video_codec : std::uint8_t { h264, av1 };

/// How a video is encoded.
struct video_target {
  video_codec codec = video_codec::h264;
  int crf = 23; ///< Constant rate factor of x264 (0..51) or SVT-AV1 (1..63).
};

/// H.264 or AV1 into one file: high or main profile, 4:2:0 in 8 bits, a keyframe every two seconds.
class video_encoder {
public:
  /// The unit of timestamps that encode() takes.
  static constexpr AVRational base{1, 90'000};

  /// What the encoder must know of the source.
  struct source {
    extent size;                ///< Size of the frames to come; even.
    double fps = 0;             ///< Frames a second, on average.
    std::uint32_t max_kbps = 0; ///< 0: without a limit. With one and threads, no run gives the
                                ///< same bytes as another.
    /// Keyframes at regular distances alone, not at changes of scene.
    bool regular_keyframes = false;
    AVColorSpace colours = AVCOL_SPC_BT709;
    AVColorPrimaries primaries = AVCOL_PRI_UNSPECIFIED;
    AVColorTransferCharacteristic transfer = AVCOL_TRC_UNSPECIFIED;
    double max_bytes = 0; ///< Limit of all packets together, see full_s(); 0: none.
  };

  /// @param into must outlive it.
  /// @param to h264: with source::max_kbps; av1: without any limit.
  static result<video_encoder> open(av::mp4_output& into, const source& from,
                                    const video_target& to, const video_options& options);

  /// Encodes one frame, whose pts and duration are in base. One that is not later than the frame
  /// before it is dropped.
  result<> encode(AVFrame& frame);
  result<> finish();

  /// At which second there were more bytes than source::max_bytes; depends on nothing but the
  /// packets.
  std::optional<double> full_s() const {
    return full_s_;
  }

private:
  video_encoder(av::mp4_output& into, av::codec_ptr encoder, AVStream* stream, const source& from);
  void count(const AVPacket& packet);
  result<> send(const AVFrame* frame);

  av::mp4_output* into_;
  av::codec_ptr encoder_;
  AVStream* stream_;
  av::packet_ptr packet_ = av::make_packet();
  std::int64_t usual_duration_;
  double max_bytes_;
  double bytes_ = 0;
  std::optional<double> full_s_;
  std::int64_t last_pts_ = AV_NOPTS_VALUE;
  /// How long the frames inside the encoder are to be shown, by pts: it does not keep that itself,
  /// and the file's length needs the last one.
  std::map<std::int64_t, std::int64_t> durations_;
};

} // namespace mediad::media
