#include "media/av/input.hpp"

#include "media/av/demuxers.hpp"
#include "media/av/facts.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <new>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace mediad::media::av {
namespace {

constexpr int io_buffer_bytes = 64 * 1024;
constexpr std::int64_t probe_bytes = 5'000'000;
constexpr std::int64_t probe_us = 5'000'000;

int refuse_to_open(AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) {
  return AVERROR(EPERM);
}

bool is_picture(const AVStream& stream) {
  return stream.codecpar->codec_type == AVMEDIA_TYPE_VIDEO
         && (stream.disposition & (AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS))
              == 0
         && avcodec_find_decoder(stream.codecpar->codec_id) != nullptr;
}

bool is_decodable_sound(const AVStream& stream) {
  return is_sound(stream) && avcodec_find_decoder(stream.codecpar->codec_id) != nullptr;
}

/// A later stream wins only by being the default one, or as much so and larger.
std::pair<bool, std::int64_t> rank(const AVStream& stream) {
  const auto& p = *stream.codecpar;
  const auto size = p.codec_type == AVMEDIA_TYPE_VIDEO
                      ? std::int64_t{p.width} * p.height
                      : std::int64_t{std::min(p.ch_layout.nb_channels, 2)};
  return {(stream.disposition & AV_DISPOSITION_DEFAULT) != 0, size};
}

} // namespace

int input::read_source(void* opaque, std::uint8_t* into, int bytes) {
  auto& self = *static_cast<source*>(opaque);
  const auto wanted = static_cast<std::size_t>(bytes);
  ssize_t n = 0;
  do
    n = ::pread(self.fd.get(), into, wanted, self.position);
  while (n < 0 && errno == EINTR);
  if (n < 0) {
    self.failed_with = errno;
    return AVERROR(EIO);
  }
  if (n == 0)
    return AVERROR_EOF;
  self.position += n;
  return static_cast<int>(n);
}

std::int64_t input::seek_source(void* opaque, std::int64_t offset, int whence) {
  auto& self = *static_cast<source*>(opaque);
  std::int64_t from = 0;
  switch (whence & ~AVSEEK_FORCE) {
  case AVSEEK_SIZE: return self.size;
  case SEEK_SET: break;
  case SEEK_CUR: from = self.position; break;
  case SEEK_END: from = self.size; break;
  default: return AVERROR(EINVAL);
  }
  std::int64_t to = 0;
  if (__builtin_add_overflow(from, offset, &to) || to < 0)
    return AVERROR(EINVAL);
  return self.position = to;
}

result<input> input::open(const opened_file& file, std::string_view media_type, const limits& max,
                          analysis depth) {
  // libav prints what it meets in hostile files; the errors it returns are enough.
  av_log_set_level(AV_LOG_QUIET);
  const auto* format = demuxer_of(media_type);
  if (format == nullptr)
    return fail(errc::unsupported_media, "no demuxer for " + std::string{media_type});
  input opened;
  opened.max_pixels_ = max.max_pixels;
  if (auto ok = opened.connect(file); !ok)
    return fail(ok.error());
  if (auto ok = opened.parse(format, max, depth); !ok)
    return fail(opened.source_->failed_with != 0
                  ? fail_errno(opened.source_->failed_with, "reading the file")
                  : ok.error());
  if (opened.is_length_guessed())
    if (auto ok = opened.measure(file, format, max); !ok)
      return fail(ok.error());
  return opened;
}

result<> input::connect(const opened_file& file) {
  const auto size = file.size();
  if (!size)
    return fail(size.error());
  auto fd = file.duplicate();
  if (!fd)
    return fail(fd.error());
  source_ = std::make_unique<source>();
  source_->fd = std::move(*fd);
  source_->size = static_cast<std::int64_t>(*size);
  auto* buffer = static_cast<std::uint8_t*>(av_malloc(io_buffer_bytes));
  if (buffer == nullptr)
    throw std::bad_alloc{};
  io_.reset(avio_alloc_context(buffer, io_buffer_bytes, 0, source_.get(), read_source, nullptr,
                               seek_source));
  if (!io_) {
    av_free(buffer);
    throw std::bad_alloc{};
  }
  return {};
}

result<> input::parse(const AVInputFormat* format, const limits& max, analysis depth) {
  auto* raw = avformat_alloc_context();
  if (raw == nullptr)
    throw std::bad_alloc{};
  raw->pb = io_.get();
  raw->flags |= AVFMT_FLAG_CUSTOM_IO;
  raw->io_open = refuse_to_open;
  raw->probesize = probe_bytes;
  raw->max_analyze_duration = probe_us;
  // One more than allowed, so that check() can tell too many from broken.
  raw->max_streams = static_cast<int>(max.max_streams) + 1;
  raw->format_whitelist = av_strdup(format->name);
  // Nothing is opened by name at all; should some demuxer try past io_open, it finds only files.
  raw->protocol_whitelist = av_strdup("file");
  // Frees the context itself when it fails.
  if (const int rc = avformat_open_input(&raw, "", format, nullptr); rc < 0) {
    // Matroska's demuxer says so, too, of a file that ends before its first picture.
    const bool was_cut_off = rc == AVERROR(EIO) && source_->failed_with == 0;
    return fail_reading(was_cut_off ? AVERROR_INVALIDDATA : rc, "avformat_open_input");
  }
  context_.reset(raw);
  choose_streams();
  note_promises();
  if (auto ok = check(max); !ok)
    return ok;
  if (depth == analysis::full || !header_suffices()) {
    if (const int rc = avformat_find_stream_info(context_.get(), nullptr); rc < 0)
      return fail_reading(rc, "avformat_find_stream_info");
    choose_streams();
  }
  if (video_ == nullptr && audio_ == nullptr)
    return why_nothing();
  return check(max);
}

error input::why_nothing() const {
  for (unsigned i = 0; i < streams(); ++i) {
    const auto codec = stream(i).codecpar->codec_id;
    if (codec != AV_CODEC_ID_NONE && avcodec_find_decoder(codec) == nullptr)
      return fail(errc::unsupported_media,
                  std::string{"no decoder for "} + avcodec_get_name(codec));
  }
  return fail(errc::corrupt_media, "neither picture nor sound");
}

bool input::header_suffices() const {
  // A demuxer without a header finds its streams, and better ones, only by reading on.
  if (video_ == nullptr || (context_->ctx_flags & AVFMTCTX_NOHEADER) != 0)
    return false;
  const auto& p = *video_->codecpar;
  return p.width > 0 && p.height > 0 && p.extradata_size > 0 && video_->avg_frame_rate.num > 0
         && context_->duration > 0;
}

void input::choose_streams() {
  video_ = nullptr;
  audio_ = nullptr;
  for (unsigned i = 0; i < streams(); ++i) {
    auto& s = stream(i);
    if (is_picture(s) && (video_ == nullptr || rank(s) > rank(*video_)))
      video_ = &s;
    if (is_decodable_sound(s) && (audio_ == nullptr || rank(s) > rank(*audio_)))
      audio_ = &s;
  }
}

result<> input::check(const limits& max) const {
  if (streams() > max.max_streams)
    return fail(errc::too_large, "more than " + std::to_string(max.max_streams) + " streams");
  if (duration_s().value_or(0) > max.max_duration_s)
    return fail(errc::too_large, std::to_string(*duration_s()) + " s long");
  if (video_ == nullptr)
    return {};
  const auto& p = *video_->codecpar;
  const auto longest = static_cast<std::uint32_t>(std::max({p.width, p.height, 0}));
  const auto pixels = static_cast<std::uint64_t>(std::max(p.width, 0))
                      * static_cast<std::uint64_t>(std::max(p.height, 0));
  if (longest > max.max_side || pixels > max.max_pixels)
    return fail(errc::too_large, std::to_string(p.width) + "x" + std::to_string(p.height));
  return {};
}

result<bool> input::read(AVPacket& into) {
  av_packet_unref(&into);
  const int rc = av_read_frame(context_.get(), &into);
  if (source_->failed_with != 0)
    return fail_errno(source_->failed_with, "reading the input");
  return rc >= 0;
}

bool input::seek(double at_s) {
  const auto at = ticks(start_s() + at_s, microseconds);
  return avformat_seek_file(context_.get(), -1, INT64_MIN, at, at, 0) >= 0;
}

bool input::rewind() {
  // By time, a transport stream would begin behind its first keyframe.
  if (may_jump() && av_seek_frame(context_.get(), -1, 0, AVSEEK_FLAG_BYTE) >= 0)
    return true;
  // The first keyframe may be later than the first packet, which is another stream's.
  const auto start = ticks(start_s(), microseconds);
  return seek(0) || av_seek_frame(context_.get(), -1, start, 0) >= 0;
}

result<codec_ptr> input::open_decoder(const AVStream& of, const decoding& how) const {
  const auto* codec = avcodec_find_decoder(of.codecpar->codec_id);
  if (codec == nullptr)
    return fail(errc::unsupported_media, avcodec_get_name(of.codecpar->codec_id));
  auto decoder = make_codec(codec);
  if (const int rc = avcodec_parameters_to_context(decoder.get(), of.codecpar); rc < 0)
    return fail_reading(rc, "avcodec_parameters_to_context");
  decoder->pkt_timebase = of.time_base;
  decoder->thread_count = how.threads;
  decoder->max_pixels = static_cast<std::int64_t>(max_pixels_);
  if (how.keyframes_only)
    decoder->skip_frame = AVDISCARD_NONKEY;
  if (how.rough)
    decoder->skip_loop_filter = AVDISCARD_ALL;
  if (const int rc = avcodec_open2(decoder.get(), codec, nullptr); rc < 0)
    return fail_reading(rc, "avcodec_open2");
  return decoder;
}

void input::only(const AVStream* first, const AVStream* second) {
  only(std::array{first, second});
}

void input::only(std::span<const AVStream* const> these) {
  for (unsigned i = 0; i < streams(); ++i)
    if (auto& s = stream(i); std::find(these.begin(), these.end(), &s) == these.end())
      s.discard = AVDISCARD_ALL;
}

double input::start_s() const {
  return seconds(context_->start_time, microseconds).value_or(0);
}

double input::position() const {
  if (source_->size <= 0)
    return 1;
  return std::clamp(static_cast<double>(source_->position) / static_cast<double>(source_->size),
                    0.0, 1.0);
}

} // namespace mediad::media::av
