#include "media/av/decoder.hpp"

#include "media/av/releases.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace mediad::media::av {
namespace {

constexpr double tolerated_fault_share = 0.05;
// As the ffmpeg program has it (-dts_delta_threshold).
constexpr std::int64_t longest_jump_us = 10'000'000;
// A decoder that answers with nothing but errors is not asked for ever.
constexpr int max_faults_in_a_row = 1'000;

error cut_short(double there_s, double expected_s, std::string_view by) {
  return fail(errc::corrupt_media, "only " + std::to_string(there_s) + " s of "
                                     + std::to_string(expected_s) + " s promised by "
                                     + std::string{by});
}

} // namespace

decode_tally::decode_tally(const input& file, const AVStream& stream)
  : stream_{&stream}, start_s_{file.start_s()}, promised_s_{file.promised_s(stream).value_or(0)} {}

void decode_tally::saw_packet(const AVPacket& packet) {
  ++packets_;
  // Outside of an edit list's cut: decoded for others' sake, never shown.
  if ((packet.flags & AV_PKT_FLAG_DISCARD) != 0)
    return;
  const auto begin = seconds(packet.pts, stream_->time_base);
  const auto length = seconds(packet.duration, stream_->time_base);
  if (begin)
    packets_s_ = std::max(packets_s_, *begin + length.value_or(0) - start_s_);
}

void decode_tally::saw_fault() {
  // Before the first picture: a recording that begins in the middle of a group of pictures.
  if (frames_ > 0)
    ++faults_;
}

void decode_tally::saw_frame(const AVFrame& frame) {
  if (frame.decode_error_flags != 0 || (frame.flags & AV_FRAME_FLAG_CORRUPT) != 0)
    saw_fault();
  const auto begin = seconds(frame.best_effort_timestamp, stream_->time_base);
  const double length = length_s(frame);
  // A packet of sound may hold several frames, of which only the first has a time of its own.
  const bool is_next =
    !begin || (frames_ > 0 && frame.nb_samples > 0 && *begin - start_s_ <= shown_s_);
  const double at = is_next ? decoded_s_ : *begin - start_s_;
  if (frames_ > 0)
    longest_gap_s_ = std::max(longest_gap_s_, at - shown_s_);
  shown_s_ = at;
  decoded_s_ = std::max(decoded_s_, at + length);
  ++frames_;
}

double decode_tally::length_s(const AVFrame& frame) const {
  if (frame.nb_samples > 0 && frame.sample_rate > 0)
    return static_cast<double>(frame.nb_samples) / frame.sample_rate;
  return seconds(std::max(duration_of(frame), std::int64_t{0}), stream_->time_base).value_or(0);
}

result<> decode_tally::verdict() const {
  if (frames_ == 0)
    return fail(errc::corrupt_media, "nothing could be decoded");
  if (static_cast<double>(faults_) > tolerated_fault_share * static_cast<double>(packets_))
    return fail(errc::corrupt_media,
                std::to_string(faults_) + " faults in " + std::to_string(packets_) + " packets");
  // The last frame's length is not always known; no frame is shown longer than the longest.
  const auto loss = [&](double length) {
    return std::max(tolerated_loss_s(length), longest_gap_s_);
  };
  if (decoded_s_ + loss(packets_s_) < packets_s_)
    return fail(cut_short(decoded_s_, packets_s_, "its packets"));
  if (decoded_s_ + loss(promised_s_) < promised_s_)
    return fail(cut_short(decoded_s_, promised_s_, "its header"));
  return {};
}

double tolerated_loss_s(double length_s) {
  return std::max(1.0, 0.05 * length_s);
}

result<> check_index(const input& file, AVStream& stream) {
  const int entries = avformat_index_get_entries_count(&stream);
  for (int i = 0; i < entries; ++i) {
    const auto* entry = avformat_index_get_entry(&stream, i);
    if (entry == nullptr || entry->pos + entry->size <= file.size())
      continue;
    const double promised = file.promised_s(stream).value_or(0);
    const double there = seconds(entry->timestamp, stream.time_base).value_or(0);
    if (there + tolerated_loss_s(promised) < promised)
      return fail(cut_short(there, promised, "its index"));
    break;
  }
  return {};
}

decoder::decoder(codec_ptr codec, decode_tally tally, std::optional<std::int64_t> samples)
  : codec_{std::move(codec)}, tally_{std::move(tally)}, samples_left_{samples} {}

result<decoder> decoder::open(const input& file, const AVStream& stream, const decoding& how) {
  auto codec = file.open_decoder(stream, how);
  if (!codec)
    return fail(codec.error());
  return decoder{std::move(*codec), decode_tally{file, stream}, file.counted_samples()};
}

result<> decoder::feed(const AVPacket& packet, const frame_sink& sink) {
  tally_.saw_packet(packet);
  if (avcodec_send_packet(codec_.get(), &packet) < 0)
    tally_.saw_fault();
  return receive(sink);
}

result<> decoder::finish(const frame_sink& sink) {
  if (avcodec_send_packet(codec_.get(), nullptr) < 0)
    tally_.saw_fault();
  return receive(sink);
}

result<> decoder::receive(const frame_sink& sink) {
  for (int faults = 0; faults < max_faults_in_a_row;) {
    const int rc = avcodec_receive_frame(codec_.get(), frame_.get());
    if (rc == AVERROR(EAGAIN) || rc == AVERROR_EOF)
      break;
    if (rc < 0) {
      tally_.saw_fault();
      ++faults;
      continue;
    }
    if (!keep_counted(*frame_))
      continue;
    tally_.saw_frame(*frame_);
    if (auto ok = sink(*frame_); !ok)
      return ok;
  }
  return {};
}

// Returns false if all of it is padding.
bool decoder::keep_counted(AVFrame& frame) {
  if (!samples_left_)
    return true;
  frame.nb_samples = static_cast<int>(std::min<std::int64_t>(frame.nb_samples, *samples_left_));
  *samples_left_ -= frame.nb_samples;
  return frame.nb_samples > 0;
}

timeline::timeline(const input& file) : file_{&file} {}

void timeline::align(AVPacket& packet) {
  const auto index = static_cast<std::size_t>(packet.stream_index);
  if (!file_->may_jump() || packet.dts == AV_NOPTS_VALUE)
    return;
  if (next_us_.size() <= index)
    next_us_.resize(index + 1);
  const auto base = file_->stream(static_cast<unsigned>(packet.stream_index)).time_base;
  const auto dts_us = av_rescale_q(packet.dts, base, microseconds);
  if (const auto due = next_us_[index];
      due && std::abs(dts_us + offset_us_ - *due) > longest_jump_us)
    offset_us_ = *due - dts_us;
  const auto offset = av_rescale_q(offset_us_, microseconds, base);
  packet.dts += offset;
  if (packet.pts != AV_NOPTS_VALUE)
    packet.pts += offset;
  next_us_[index] = dts_us + offset_us_ + av_rescale_q(packet.duration, base, microseconds);
}

} // namespace mediad::media::av
