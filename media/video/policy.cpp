#include "media/video/policy.hpp"

#include "media/av/facts.hpp"
#include "media/av/frame_light.hpp"

#include <algorithm>
#include <cmath>

namespace mediad::media {
namespace {

constexpr int highest_level = 52; // H.264 level 5.2, the highest that phones decode.
constexpr int highest_sound_rate = 48'000;
// What is below this is so little that a player's own overhead is larger.
constexpr std::int64_t lowest_kbps = 64;
// HEVC, VP9 and AV1 need about that much less for the same picture.
constexpr double allowance = 1.6;
// What 1080 lines get at most; fewer lines get less, a little more than their share of the pixels.
constexpr double highest_kbps_at_1080 = 5'000;
constexpr double kbps_exponent = 1.5;
// Containers differ a little, and so does sound.
constexpr double min_growth = 1.1;

bool is_thrifty(AVCodecID codec) {
  return codec == AV_CODEC_ID_HEVC || codec == AV_CODEC_ID_VP9 || codec == AV_CODEC_ID_AV1;
}

/// Bit/s of the picture alone; 0: nothing says.
std::int64_t picture_rate(const av::input& file, const AVStream& video) {
  if (video.codecpar->bit_rate > 0)
    return video.codecpar->bit_rate;
  const double length = file.duration_s().value_or(0);
  const std::int64_t whole =
    length > 0 ? std::llround(8 * static_cast<double>(file.size()) / length) : file.bit_rate();
  const auto* sound = file.audio();
  return std::max(std::int64_t{0}, whole - (sound == nullptr ? 0 : sound->codecpar->bit_rate));
}

bool is_web_profile(int profile) {
  switch (profile & ~FF_PROFILE_H264_CONSTRAINED) {
  case FF_PROFILE_H264_BASELINE:
  case FF_PROFILE_H264_MAIN:
  case FF_PROFILE_H264_HIGH: return true;
  default: return false;
  }
}

bool is_web_picture(const AVStream& video, const av::video_shape& shape) {
  const auto& p = *video.codecpar;
  const bool format = p.format == AV_PIX_FMT_YUV420P || p.format == AV_PIX_FMT_YUVJ420P;
  const bool as_stored = shape.rotation == 0 && !shape.mirrored && !shape.interlaced
                         && shape.shown.width == static_cast<std::uint32_t>(p.width)
                         && shape.shown.height == static_cast<std::uint32_t>(p.height);
  return p.codec_id == AV_CODEC_ID_H264 && is_web_profile(p.profile) && p.level <= highest_level
         && format && !shape.high_dynamic && as_stored && p.extradata_size > 0;
}

bool is_web_sound(const AVStream& audio) {
  const auto& p = *audio.codecpar;
  const bool codec = p.codec_id == AV_CODEC_ID_MP3
                     || (p.codec_id == AV_CODEC_ID_AAC && p.profile == FF_PROFILE_AAC_LOW);
  return codec && p.ch_layout.nb_channels <= 2 && p.sample_rate <= highest_sound_rate;
}

} // namespace

std::string_view to_string(video_method method) {
  switch (method) {
  case video_method::remux: return "remux";
  case video_method::audio: return "audio";
  case video_method::encode: return "encode";
  }
  return "";
}

video_method method_for(const av::input& file, const AVStream& video, const av::video_shape& shape,
                        const video_options& options) {
  const auto kept = av::fit_short_side(shape.shown, options.max_short_side);
  const bool small_enough =
    kept == shape.shown && picture_rate(file, video) <= std::int64_t{options.max_kbps} * 1'000;
  if (!options.remux || !small_enough || !is_web_picture(video, shape))
    return video_method::encode;
  const auto* sound = file.audio();
  return sound == nullptr || is_web_sound(*sound) ? video_method::remux : video_method::audio;
}

std::uint32_t highest_kbps(const av::input& file, const AVStream& video,
                           const video_options& options) {
  const auto source = picture_rate(file, video) / 1'000;
  if (source <= 0)
    return options.max_kbps;
  const bool thrifty = is_thrifty(video.codecpar->codec_id);
  const auto needed = std::llround(static_cast<double>(source) * (thrifty ? allowance : 1));
  return static_cast<std::uint32_t>(
    std::clamp<std::int64_t>(needed, lowest_kbps, options.max_kbps));
}

std::uint32_t kbps_of_rung(std::uint32_t side, std::uint32_t most) {
  const double share = std::pow(side / 1080.0, kbps_exponent);
  return std::min(most, static_cast<std::uint32_t>(std::lround(highest_kbps_at_1080 * share)));
}

double tolerated_growth(const AVStream& video) {
  return is_thrifty(video.codecpar->codec_id) ? allowance : min_growth;
}

video_encoder::source source_for(const av::input& file, const av::video_shape& shape, extent size,
                                 const video_options& options) {
  const auto& p = *file.video()->codecpar;
  const double fps = av::frame_rate_of(file, *file.video());
  const auto kbps = highest_kbps(file, *file.video(), options);
  if (shape.high_dynamic)
    return {size, fps, kbps, false, AVCOL_SPC_BT709, AVCOL_PRI_BT709, AVCOL_TRC_BT709};
  const auto colours = av::colours_of(p.color_space, p.format, p.height);
  return {size,
          fps,
          kbps,
          false,
          colours,
          av::known_primaries(p.color_primaries),
          av::known_transfer(p.color_trc)};
}

} // namespace mediad::media
