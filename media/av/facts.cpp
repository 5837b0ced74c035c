#include "media/av/facts.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace mediad::media {
namespace {

constexpr double usual_fps = 25;
constexpr double lowest_fps = 0.1;
constexpr double highest_fps = 240;
constexpr std::size_t most_tag_bytes = 512;

/// What people read: no more than thousandths.
double rounded(double value) {
  return std::round(value * 1000) / 1000;
}

std::int64_t bit_rate_of(const av::input& file, double duration_s) {
  if (file.bit_rate() > 0)
    return file.bit_rate();
  return duration_s > 0 ? std::llround(8 * static_cast<double>(file.size()) / duration_s) : 0;
}

nlohmann::json tags_of(const av::input& file, const AVStream& audio) {
  auto tags = nlohmann::json::object();
  for (const auto* name : {"title", "artist", "album", "date"})
    // Ogg keeps them with the stream, most others with the file.
    for (const auto* from : {file.tags(), static_cast<const AVDictionary*>(audio.metadata)})
      if (const auto* entry = av_dict_get(from, name, nullptr, 0); entry != nullptr)
        if (auto text = av::clean_text(entry->value, most_tag_bytes); !text.empty())
          tags[name] = std::move(text);
  return tags;
}

} // namespace

double frame_rate_of(const av::input& file, const AVStream& video) {
  const double length =
    av::seconds(video.duration, video.time_base).value_or(file.duration_s().value_or(0));
  double fps = usual_fps;
  if (video.avg_frame_rate.num > 0 && video.avg_frame_rate.den > 0)
    fps = av_q2d(video.avg_frame_rate);
  else if (video.nb_frames > 1 && length > 0)
    fps = static_cast<double>(video.nb_frames) / length;
  return std::clamp(fps, lowest_fps, highest_fps);
}

std::string video_facts(const av::input& file, const AVStream& video, const video_shape& shape) {
  nlohmann::json facts{{"width", shape.shown.width},
                       {"height", shape.shown.height},
                       {"fps", rounded(frame_rate_of(file, video))},
                       {"video_codec", avcodec_get_name(video.codecpar->codec_id)},
                       {"audio_codec", nullptr},
                       {"rotation", shape.rotation}};
  if (file.audio() != nullptr)
    facts["audio_codec"] = avcodec_get_name(file.audio()->codecpar->codec_id);
  const double length = file.duration_s().value_or(0);
  if (length > 0)
    facts["duration"] = rounded(length);
  if (const auto rate = bit_rate_of(file, length); rate > 0)
    facts["bit_rate"] = rate;
  return facts.dump();
}

std::string audio_facts(const av::input& file, const AVStream& audio, double decoded_s) {
  const double length = file.promised_s(audio).value_or(decoded_s);
  nlohmann::json facts{{"duration", rounded(length)},
                       {"audio_codec", avcodec_get_name(audio.codecpar->codec_id)},
                       {"sample_rate", audio.codecpar->sample_rate},
                       {"channels", audio.codecpar->ch_layout.nb_channels},
                       {"tags", tags_of(file, audio)}};
  if (const auto rate = bit_rate_of(file, length); rate > 0)
    facts["bit_rate"] = rate;
  return facts.dump();
}

} // namespace mediad::media
