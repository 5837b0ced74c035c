#include "media/av/facts.hpp"

#include "media/facts/clean_text.hpp"
#include "media/facts/container_facts.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace mediad::media::av {
namespace {

constexpr double usual_fps = 25;
constexpr double lowest_fps = 0.1;
constexpr double highest_fps = 240;
constexpr std::size_t max_tag_bytes = 512;
constexpr std::size_t max_language_bytes = 16;
constexpr std::size_t max_title_bytes = 128;
// A sound's header and its decoder may differ by some frames; seconds, or as a part of it.
constexpr double tolerated_difference_s = 0.1;
constexpr double tolerated_difference = 0.01;

/// What people read: no more than thousandths.
double rounded(double value) {
  return std::round(value * 1000) / 1000;
}

std::int64_t bit_rate_of(const input& file, double duration_s) {
  if (file.bit_rate() > 0)
    return file.bit_rate();
  return duration_s > 0 ? std::llround(8 * static_cast<double>(file.size()) / duration_s) : 0;
}

double sound_length_s(const input& file, const AVStream& audio, double decoded_s) {
  const double promised = file.promised_s(audio).value_or(0);
  const double tolerated = std::max(tolerated_difference_s, tolerated_difference * decoded_s);
  return std::abs(promised - decoded_s) <= tolerated ? promised : decoded_s;
}

nlohmann::json tags_of(const input& file, const AVStream& audio) {
  auto tags = nlohmann::json::object();
  for (const auto* name : {"title", "artist", "album", "date"})
    // Ogg keeps them with the stream, most others with the file.
    for (const auto* from : {file.tags(), static_cast<const AVDictionary*>(audio.metadata)})
      if (const auto* entry = av_dict_get(from, name, nullptr, 0); entry != nullptr)
        if (auto text = clean_text(entry->value, max_tag_bytes); !text.empty())
          tags[name] = std::move(text);
  return tags;
}

} // namespace

double frame_rate_of(const input& file, const AVStream& video) {
  const double length =
    seconds(video.duration, video.time_base).value_or(file.duration_s().value_or(0));
  double fps = usual_fps;
  if (video.avg_frame_rate.num > 0 && video.avg_frame_rate.den > 0)
    fps = av_q2d(video.avg_frame_rate);
  else if (video.nb_frames > 1 && length > 0)
    fps = static_cast<double>(video.nb_frames) / length;
  return std::clamp(fps, lowest_fps, highest_fps);
}

std::string video_facts(const input& file, const AVStream& video, const video_shape& shape) {
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

std::string audio_facts(const input& file, const AVStream& audio, double decoded_s) {
  nlohmann::json facts{{"audio_codec", avcodec_get_name(audio.codecpar->codec_id)},
                       {"sample_rate", audio.codecpar->sample_rate},
                       {"channels", audio.codecpar->ch_layout.nb_channels},
                       {"tags", tags_of(file, audio)}};
  const auto length = audio_length_of(file, audio, decoded_s);
  facts["duration"] = length.duration_s;
  if (length.bit_rate > 0)
    facts["bit_rate"] = length.bit_rate;
  return facts.dump();
}

file_facts origin_of(const input& file) {
  // A stream of a film is titled, too, but not by the film's title.
  const AVDictionary* of_sound = file.video() == nullptr ? file.audio()->metadata : nullptr;
  const auto tag = [&](const char* name) -> std::string {
    for (const auto* from : {file.tags(), of_sound})
      if (const auto* entry = av_dict_get(from, name, nullptr, 0); entry != nullptr)
        return entry->value;
    return {};
  };
  auto found = container_facts(tag);
  if (file.audio() != nullptr)
    found.language = language_of(*file.audio());
  return checked(std::move(found));
}

audio_length audio_length_of(const input& file, const AVStream& audio, double decoded_s) {
  const double length = sound_length_s(file, audio, decoded_s);
  const bool is_header_right = file.promised_s(audio) == length;
  const auto rate = is_header_right || length <= 0
                      ? bit_rate_of(file, length)
                      : std::llround(8 * static_cast<double>(file.size()) / length);
  return {rounded(length), rate};
}

bool is_sound(const AVStream& stream) {
  return stream.codecpar->codec_type == AVMEDIA_TYPE_AUDIO;
}

std::string language_of(const AVStream& stream) {
  auto language = tag_of(stream, "language", max_language_bytes);
  return language == "und" ? std::string{} : language; // ISO 639-2: undetermined
}

std::string title_of(const AVStream& stream) {
  return tag_of(stream, "title", max_title_bytes);
}

std::string facts_of_sounds(const input& file) {
  auto list = nlohmann::json::array();
  for (unsigned i = 0; i < file.streams(); ++i) {
    const auto& stream = file.stream(i);
    if (!is_sound(stream))
      continue;
    nlohmann::json entry{{"codec", avcodec_get_name(stream.codecpar->codec_id)},
                         {"language", nullptr},
                         {"title", nullptr},
                         {"channels", stream.codecpar->ch_layout.nb_channels},
                         {"kept", &stream == file.audio()}};
    if (const auto language = language_of(stream); !language.empty())
      entry["language"] = language;
    if (const auto title = title_of(stream); !title.empty())
      entry["title"] = title;
    list.push_back(std::move(entry));
  }
  return list.size() < 2 ? std::string{} : list.dump();
}

} // namespace mediad::media::av
