#include "media/av/handles.hpp"

#include "media/facts/clean_text.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <new>

namespace mediad::media::av {
namespace {

template <class Handle, class T>
Handle owned(T* raw) {
  if (raw == nullptr)
    throw std::bad_alloc{};
  return Handle{raw};
}

std::string describe(int code, std::string_view call) {
  std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
  av_strerror(code, text.data(), text.size());
  return std::string{call} + ": " + text.data();
}

} // namespace

frame_ptr make_frame() {
  return owned<frame_ptr>(av_frame_alloc());
}

packet_ptr make_packet() {
  return owned<packet_ptr>(av_packet_alloc());
}

codec_ptr make_codec(const AVCodec* codec) {
  return owned<codec_ptr>(avcodec_alloc_context3(codec));
}

frame_ptr share(const AVFrame& frame) {
  return owned<frame_ptr>(av_frame_clone(&frame));
}

dictionary::~dictionary() {
  av_dict_free(&entries_);
}

void dictionary::set(const char* key, const std::string& value) {
  if (av_dict_set(&entries_, key, value.c_str(), 0) < 0)
    throw std::bad_alloc{};
}

std::optional<double> seconds(std::int64_t ticks, AVRational base) {
  if (ticks == AV_NOPTS_VALUE)
    return std::nullopt;
  return static_cast<double>(ticks) * av_q2d(base);
}

std::int64_t ticks(double seconds, AVRational base) {
  constexpr double most = 0x1p62;
  return std::llround(std::clamp(seconds / av_q2d(base), -most, most));
}

error fail_reading(int code, std::string_view call) {
  switch (code) {
  case AVERROR(EIO): return fail(errc::storage_io, describe(code, call));
  case AVERROR(ENOMEM): return fail(errc::too_large, describe(code, call));
  case AVERROR_DECODER_NOT_FOUND:
  case AVERROR_DEMUXER_NOT_FOUND:
  case AVERROR_PATCHWELCOME:
  case AVERROR(ENOSYS): return fail(errc::unsupported_media, describe(code, call));
  default: return fail(errc::corrupt_media, describe(code, call));
  }
}

error fail_writing(int code, std::string_view call) {
  switch (code) {
  case AVERROR(ENOSPC):
  case AVERROR(EDQUOT): return fail(errc::storage_full, describe(code, call));
  case AVERROR(EIO): return fail(errc::storage_io, describe(code, call));
  default: return fail(errc::internal, describe(code, call));
  }
}

std::string tag_of(const AVStream& stream, const char* name, std::size_t max_bytes) {
  const auto* entry = av_dict_get(stream.metadata, name, nullptr, 0);
  return entry == nullptr ? std::string{} : clean_text(entry->value, max_bytes);
}

} // namespace mediad::media::av
