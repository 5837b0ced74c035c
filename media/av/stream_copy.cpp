#include "media/av/stream_copy.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace mediad::media::av {
namespace {

// Players seek to keyframes; further apart than this, seeking is no pleasure.
constexpr double longest_group_s = 10;
// H.264 reorders at most 16 pictures.
constexpr std::size_t max_undated = 16;

bool has_new_parameters(const AVPacket& packet) {
  std::size_t bytes = 0;
  return av_packet_get_side_data(&packet, AV_PKT_DATA_NEW_EXTRADATA, &bytes) != nullptr
         || av_packet_get_side_data(&packet, AV_PKT_DATA_PARAM_CHANGE, &bytes) != nullptr;
}

/// The header of a unit: a bit that is always zero, and a type, of which 0 and 24.. are no H.264.
bool is_unit_header(std::uint8_t byte) {
  const int type = byte & 0x1F;
  return (byte & 0x80) == 0 && type > 0 && type < 24;
}

} // namespace

bool is_h264(const AVPacket& packet, const AVCodecParameters& from) {
  const std::span<const std::uint8_t> bytes{packet.data, static_cast<std::size_t>(packet.size)};
  const bool led_by_lengths = from.extradata_size > 4 && from.extradata[0] == 1;
  if (!led_by_lengths) {
    const auto begin = std::find_if(bytes.begin(), bytes.end(), [](auto b) { return b != 0; });
    return begin - bytes.begin() >= 2 && begin != bytes.end() && *begin == 1
           && begin + 1 != bytes.end() && is_unit_header(*(begin + 1));
  }
  const std::size_t width = (from.extradata[4] & 3U) + 1U; // avcC: ISO/IEC 14496-15, 5.3.3.1
  std::size_t at = 0;
  while (at < bytes.size()) {
    if (bytes.size() - at <= width)
      return false;
    std::size_t length = 0;
    for (std::size_t i = 0; i < width; ++i)
      length = length << 8U | bytes[at + i];
    at += width;
    if (length == 0 || length > bytes.size() - at || !is_unit_header(bytes[at]))
      return false;
    at += length;
  }
  return at > 0;
}

stream_copy::stream_copy(mp4_output& into, const input& file, const AVStream& from, AVStream* to)
  : into_{&into},
    from_{&from},
    to_{to},
    start_{ticks(file.start_s(), from.time_base)},
    promised_s_{file.promised_s(from).value_or(0)} {}

result<stream_copy> stream_copy::open(mp4_output& into, const input& file, const AVStream& from) {
  auto to = into.add_copy(from);
  if (!to)
    return fail(to.error());
  return stream_copy{into, file, from, *to};
}

bool stream_copy::is_fit(const AVPacket& packet) {
  if (packet.pts == AV_NOPTS_VALUE || packet.dts == AV_NOPTS_VALUE || packet.pts < packet.dts)
    return false;
  if (last_dts_ != AV_NOPTS_VALUE && packet.dts <= last_dts_)
    return false;
  if (has_new_parameters(packet) || (packet.flags & AV_PKT_FLAG_CORRUPT) != 0)
    return false;
  if (from_->codecpar->codec_type != AVMEDIA_TYPE_VIDEO)
    return true;
  // Sound has a lead-in that is decoded and not heard; a picture that has one was cut.
  if ((packet.flags & AV_PKT_FLAG_DISCARD) != 0 || !is_h264(packet, *from_->codecpar))
    return false;
  const double at_s = static_cast<double>(packet.pts - start_) * av_q2d(from_->time_base);
  const bool is_key = (packet.flags & AV_PKT_FLAG_KEY) != 0;
  if (is_key)
    keyframe_s_ = at_s;
  return is_key || (packets_ > 0 && at_s - keyframe_s_ <= longest_group_s);
}

result<bool> stream_copy::take(AVPacket& packet) {
  if (packet.dts == AV_NOPTS_VALUE && last_dts_ == AV_NOPTS_VALUE) {
    if (undated_.size() == max_undated)
      return false;
    auto kept = make_packet();
    av_packet_move_ref(kept.get(), &packet);
    undated_.push_back(std::move(kept));
    return true;
  }
  if (!undated_.empty()) {
    const auto dated = date_first(packet.dts);
    if (!dated || !*dated)
      return dated;
  }
  return take_dated(packet);
}

/// Counts back from the first known time, a frame's length each.
result<bool> stream_copy::date_first(std::int64_t next_dts) {
  const auto rate = from_->avg_frame_rate;
  if (rate.num <= 0 || rate.den <= 0 || next_dts == AV_NOPTS_VALUE)
    return false;
  const auto length = std::max<std::int64_t>(1, av_rescale_q(1, av_inv_q(rate), from_->time_base));
  auto waiting = std::exchange(undated_, {});
  auto dts = next_dts - length * std::ssize(waiting);
  for (auto& packet : waiting) {
    packet->dts = dts;
    dts += length;
    const auto taken = take_dated(*packet);
    if (!taken || !*taken)
      return taken;
  }
  return true;
}

result<bool> stream_copy::take_dated(AVPacket& packet) {
  if (!is_fit(packet))
    return false;
  last_dts_ = packet.dts;
  ++packets_;
  packet.pts -= start_;
  packet.dts -= start_;
  const double length = seconds(packet.duration, from_->time_base).value_or(0);
  end_s_ = std::max(end_s_, *seconds(packet.pts, from_->time_base) + length);
  packet.pos = -1;
  if (auto ok = into_->write(packet, *to_, from_->time_base); !ok)
    return fail(ok.error());
  return true;
}

} // namespace mediad::media::av
