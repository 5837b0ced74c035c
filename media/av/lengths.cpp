#include "media/av/decoder.hpp"
#include "media/av/input.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <unistd.h>

/// What an input knows of its length: by its header, by its packets.
namespace mediad::media::av {
namespace {

using four_bytes = std::array<unsigned char, 4>;

std::uint32_t number_of(const four_bytes& bytes) {
  return bytes[0] | bytes[1] << 8U | bytes[2] << 16U | std::uint32_t{bytes[3]} << 24U;
}

/// Bytes of the samples in a WAV: what the chunk `data` claims, or else all @p riff_bytes.
std::uint32_t data_bytes(int fd, std::uint32_t riff_bytes) {
  constexpr int max_chunks = 100;
  std::array<four_bytes, 2> header{}; // of a chunk: its name, its length
  std::int64_t at = 12;               // behind RIFF, its length, and WAVE
  for (int i = 0; i < max_chunks; ++i) {
    if (::pread(fd, header.data(), sizeof header, at) != std::int64_t{sizeof header})
      break;
    const auto length = number_of(header[1]);
    if (header[0] == four_bytes{'d', 'a', 't', 'a'})
      return length > 0 ? std::min(length, riff_bytes) : riff_bytes;
    at += std::int64_t{sizeof header} + length + length % 2;
  }
  return riff_bytes;
}

/// Samples of a whole block in a WAV, if all blocks of the codec are alike; else 0.
std::int64_t samples_of_block(AVCodecParameters& codec) {
  switch (codec.codec_id) {
  case AV_CODEC_ID_ADPCM_IMA_WAV:
  case AV_CODEC_ID_ADPCM_MS:
  case AV_CODEC_ID_GSM_MS: break;
  default: return 0;
  }
  if (codec.block_align <= 0)
    return 0;
  return std::max(0, av_get_audio_frame_duration2(&codec, codec.block_align));
}

/// The length of so many @p bytes in a WAV, if the codec itself fixes it. The header's own bytes a
/// second are wrong where its writer did not know the codec.
std::optional<double> riff_length_s(AVCodecParameters& codec, std::uint32_t bytes) {
  if (codec.sample_rate <= 0)
    return std::nullopt;
  const auto bits =
    std::int64_t{av_get_exact_bits_per_sample(codec.codec_id)} * codec.ch_layout.nb_channels;
  if (bits > 0)
    return 8.0 * bytes / static_cast<double>(bits * codec.sample_rate);
  const auto samples = samples_of_block(codec);
  if (samples == 0)
    return std::nullopt;
  const auto blocks = bytes / static_cast<std::uint32_t>(codec.block_align);
  return static_cast<double>(blocks * samples) / codec.sample_rate;
}

/// How many samples there are by @p fact_s (the chunk `fact`, in seconds), if that ends within the
/// last block of so many @p bytes: the encoder has filled up the rest. Any other count is wrong.
std::optional<std::int64_t> counted_in_last_block(AVCodecParameters& codec, std::uint32_t bytes,
                                                  std::optional<double> fact_s) {
  const auto samples = samples_of_block(codec);
  if (samples == 0 || codec.sample_rate <= 0 || !fact_s)
    return std::nullopt;
  const auto align = static_cast<std::uint32_t>(codec.block_align);
  const auto blocks = bytes / align + (bytes % align > 0 ? 1 : 0);
  const auto counted = std::llround(*fact_s * codec.sample_rate);
  if (counted <= (blocks - 1) * samples || counted > blocks * samples)
    return std::nullopt;
  return counted;
}

} // namespace

void input::note_promises() {
  // Before avformat_find_stream_info fills what the header left open with estimates.
  promised_s_ = seconds(context_->duration, microseconds);
  for (unsigned i = 0; i < streams(); ++i)
    promised_by_stream_.push_back(seconds(stream(i).duration, stream(i).time_base));
  // These two demuxers forget a length that the file does not hold, which is the very sign of a
  // cut.
  const std::string_view format = context_->iformat->name;
  if (format == "avi" && video_ != nullptr && video_->nb_frames > 0)
    promised_by_stream_[static_cast<std::size_t>(video_->index)] =
      seconds(video_->nb_frames, video_->time_base);
  if (format == "wav" && streams() == 1)
    note_riff_promise();
}

void input::note_riff_promise() {
  four_bytes size{};
  if (::pread(source_->fd.get(), size.data(), size.size(), 4) != std::ssize(size))
    return;
  const auto bytes = number_of(size);
  auto& codec = *stream(0).codecpar;
  const auto sample_bytes = data_bytes(source_->fd.get(), bytes);
  auto& promised = promised_by_stream_[0];
  counted_samples_ = counted_in_last_block(codec, sample_bytes, promised);
  // Written to a pipe, a WAV claims 2 or 4 GiB because its writer could not go back.
  if (bytes >= 0.99 * INT32_MAX)
    promised = std::nullopt;
  else if (counted_samples_)
    promised = static_cast<double>(*counted_samples_) / codec.sample_rate;
  else if (const auto length = riff_length_s(codec, sample_bytes))
    promised = length;
  else if (bytes <= source_->size) // nothing is missing, so a count of samples proves nothing
    promised = std::nullopt;
  promised_s_ = promised;
}

bool input::is_length_guessed() const {
  return duration_s().value_or(0) <= 0
         || context_->duration_estimation_method == AVFMT_DURATION_FROM_BITRATE;
}

/// Reads all packets once and decodes none of them. A second input does it, so that this one stays
/// where it is.
result<> input::measure(const opened_file& file, const AVInputFormat* format, const limits& max) {
  input again;
  again.max_pixels_ = max_pixels_;
  if (auto ok = again.connect(file); !ok)
    return ok;
  if (auto ok = again.parse(format, max, analysis::full); !ok)
    return ok;
  measured_by_stream_.assign(again.streams(), 0);
  timeline line{again};
  const auto end = again.each_packet([&](AVPacket& packet) -> result<bool> {
    line.align(packet);
    const auto index = static_cast<std::size_t>(packet.stream_index);
    const auto base = again.stream(static_cast<unsigned>(packet.stream_index)).time_base;
    const auto begin = seconds(packet.pts != AV_NOPTS_VALUE ? packet.pts : packet.dts, base);
    if (measured_by_stream_.size() <= index)
      measured_by_stream_.resize(index + 1); // found late, as a transport stream's may be
    auto& end_s = measured_by_stream_[index];
    const double length = seconds(packet.duration, base).value_or(0);
    end_s = std::max(end_s, begin.value_or(end_s + again.start_s()) - again.start_s() + length);
    return true;
  });
  if (!end)
    return fail(end.error());
  double longest = 0;
  for (const auto* of : {again.video_, again.audio_})
    if (of != nullptr)
      longest = std::max(longest, measured_by_stream_[static_cast<std::size_t>(of->index)]);
  if (longest > 0)
    measured_s_ = longest;
  return check(max);
}

std::optional<double> input::duration_s() const {
  return measured_s_ ? measured_s_ : seconds(context_->duration, microseconds);
}

double input::length_s(const AVStream& of) const {
  if (const auto promised = promised_s(of))
    return *promised;
  const auto index = static_cast<std::size_t>(of.index);
  if (index < measured_by_stream_.size() && measured_by_stream_[index] > 0)
    return measured_by_stream_[index];
  return duration_s().value_or(0);
}

std::int64_t input::bit_rate() const {
  return measured_s_ ? std::llround(8 * static_cast<double>(source_->size) / *measured_s_)
                     : context_->bit_rate;
}

std::optional<double> input::promised_s(const AVStream& of) const {
  const auto index = static_cast<std::size_t>(of.index);
  return index < promised_by_stream_.size() ? promised_by_stream_[index] : std::nullopt;
}

} // namespace mediad::media::av
