#include "media/video/subtitles.hpp"

#include "media/av/input.hpp"
#include "media/encode/encode.hpp"
#include "media/job/facts.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <map>
#include <string_view>
#include <utility>

namespace mediad::media {
namespace {

constexpr std::size_t max_language_bytes = 16;
constexpr std::size_t max_title_bytes = 128;
constexpr double usual_length_s = 3; // Used if neither the packet nor the decoder says.

struct cue {
  double begin_s = 0;
  double end_s = 0;
  std::string text;
};

bool is_subtitle(const AVStream& stream) {
  return stream.codecpar->codec_type == AVMEDIA_TYPE_SUBTITLE;
}

bool is_text(const AVStream& stream) {
  const auto* known = avcodec_descriptor_get(stream.codecpar->codec_id);
  return is_subtitle(stream) && known != nullptr && (known->props & AV_CODEC_PROP_TEXT_SUB) != 0;
}

/// A time as WebVTT writes it: hours, minutes, seconds, thousandths.
std::string clock(double seconds) {
  const auto ms = std::llround(std::max(0.0, seconds) * 1'000);
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%02lld:%02lld:%02lld.%03lld", ms / 3'600'000,
                ms / 60'000 % 60, ms / 1'000 % 60, ms % 1'000);
  return text.data();
}

/// What follows the eight fields in front of the text of an ASS event, as libav's decoders hand
/// it out: ReadOrder, Layer, Style, Name, MarginL, MarginR, MarginV, Effect.
std::string_view text_of(std::string_view event) {
  constexpr int fields = 8;
  for (int i = 0; i < fields; ++i) {
    const auto comma = event.find(',');
    if (comma == std::string_view::npos)
      return {};
    event.remove_prefix(comma + 1);
  }
  return event;
}

/// ASS text as the text of a cue (WebVTT, section 4.2.2): overrides in braces left out, line breaks
/// made real, and nothing that a player takes for a tag. Empty lines would end the cue.
std::string cue_text(std::string_view ass) {
  std::string text;
  const auto end_line = [&] {
    if (!text.empty() && text.back() != '\n')
      text += '\n';
  };
  for (std::size_t i = 0; i < ass.size(); ++i) {
    const char c = ass[i];
    const char next = i + 1 < ass.size() ? ass[i + 1] : '\0';
    if (c == '{' && ass.find('}', i) != std::string_view::npos)
      i = ass.find('}', i);
    else if (c == '\\' && (next == 'N' || next == 'n' || next == 'h')) {
      ++i;
      next == 'h' ? static_cast<void>(text += ' ') : end_line();
    } else if (c == '\n' || c == '\r')
      end_line();
    else if (c == '&')
      text += "&amp;";
    else if (c == '<')
      text += "&lt;";
    else if (c == '>')
      text += "&gt;";
    else if (static_cast<unsigned char>(c) >= 0x20)
      text += c;
  }
  while (!text.empty() && (text.back() == '\n' || text.back() == ' '))
    text.pop_back();
  return text;
}

struct free_subtitle {
  void operator()(AVSubtitle* s) const noexcept {
    avsubtitle_free(s);
  }
};

/// Collects the cues of one track.
class cue_reader {
public:
  cue_reader(av::codec_ptr decoder, AVRational base, double start_s)
    : decoder_{std::move(decoder)}, base_{base}, start_s_{start_s} {}

  /// @returns how many bytes of text it brought.
  std::size_t take(AVPacket& packet) {
    AVSubtitle shown{};
    const std::unique_ptr<AVSubtitle, free_subtitle> freed{&shown};
    int any = 0;
    const auto at = av::seconds(packet.pts, base_);
    // What cannot be decoded is left out.
    if (!at || avcodec_decode_subtitle2(decoder_.get(), &shown, &any, &packet) < 0 || any == 0)
      return 0;
    cue next;
    next.begin_s = *at - start_s_ + shown.start_display_time / 1'000.0;
    next.end_s = *at - start_s_ + length_of(shown, packet);
    for (unsigned i = 0; i < shown.num_rects; ++i)
      if (const auto* ass = shown.rects[i]->ass; ass != nullptr)
        if (const auto line = cue_text(text_of(ass)); !line.empty())
          next.text += (next.text.empty() ? "" : "\n") + line;
    if (next.text.empty() || next.end_s <= 0 || next.end_s <= next.begin_s)
      return 0;
    cues_.push_back(std::move(next));
    return cues_.back().text.size();
  }

  std::string vtt() && {
    if (cues_.empty())
      return {};
    std::stable_sort(cues_.begin(), cues_.end(),
                     [](const cue& a, const cue& b) { return a.begin_s < b.begin_s; });
    std::string text = "WEBVTT\n";
    for (const auto& c : cues_)
      text += "\n" + clock(c.begin_s) + " --> " + clock(c.end_s) + "\n" + c.text + "\n";
    return text;
  }

private:
  double length_of(const AVSubtitle& shown, const AVPacket& packet) const {
    if (const auto told = av::seconds(packet.duration, base_); told && *told > 0)
      return *told;
    const bool known = shown.end_display_time > 0 && shown.end_display_time < UINT32_MAX;
    return known ? shown.end_display_time / 1'000.0 : usual_length_s;
  }

  av::codec_ptr decoder_;
  AVRational base_;
  double start_s_;
  std::vector<cue> cues_;
};

std::map<int, cue_reader> open_readers(const av::input& file) {
  std::map<int, cue_reader> readers;
  for (unsigned i = 0; i < file.streams(); ++i) {
    auto& stream = file.stream(i);
    stream.discard = AVDISCARD_ALL;
    if (!is_text(stream))
      continue;
    auto decoder = file.open_decoder(stream, {.threads = 1});
    if (!decoder)
      continue; // libav cannot decode it
    stream.discard = AVDISCARD_DEFAULT;
    readers.emplace(stream.index,
                    cue_reader{std::move(*decoder), stream.time_base, file.start_s()});
  }
  return readers;
}

result<> read_cues(av::input& file, std::map<int, cue_reader>& readers, const limits& max) {
  const auto packet = av::make_packet();
  std::size_t bytes = 0;
  while (!readers.empty()) {
    const auto more = file.read(*packet);
    if (!more)
      return fail(more.error());
    if (!*more)
      break;
    if (const auto reader = readers.find(packet->stream_index); reader != readers.end())
      bytes += reader->second.take(*packet);
    if (bytes > max.max_text_bytes)
      return fail(errc::too_large, "more subtitles than limits.max_text_bytes");
  }
  return {};
}

} // namespace

result<std::vector<subtitle_track>> read_subtitles(const job& work, const job_context& context) {
  const auto& max = context.options.limits;
  auto file = av::input::open(context.input, work.media_type, max, av::analysis::full);
  if (!file)
    return fail(file.error());
  auto readers = open_readers(*file);
  if (auto ok = read_cues(*file, readers, max); !ok)
    return fail(ok.error());
  std::vector<subtitle_track> tracks;
  int files = 0;
  for (unsigned i = 0; i < file->streams(); ++i) {
    const auto& stream = file->stream(i);
    if (!is_subtitle(stream))
      continue;
    subtitle_track track;
    track.codec = avcodec_get_name(stream.codecpar->codec_id);
    track.language = av::tag_of(stream, "language", max_language_bytes);
    track.title = av::tag_of(stream, "title", max_title_bytes);
    if (const auto reader = readers.find(stream.index); reader != readers.end())
      track.vtt = std::move(reader->second).vtt();
    if (!track.vtt.empty())
      track.file = "subtitles-" + std::to_string(++files) + ".vtt";
    tracks.push_back(std::move(track));
  }
  return tracks;
}

result<> add_subtitles(const job& work, const job_context& context, job_result& done) {
  const auto tracks = read_subtitles(work, context);
  if (!tracks)
    return fail(tracks.error());
  auto list = nlohmann::json::array();
  for (const auto& track : *tracks) {
    nlohmann::json entry{
      {"codec", track.codec}, {"language", nullptr}, {"title", nullptr}, {"file", nullptr}};
    for (const auto& [name, value] :
         {std::pair{"language", &track.language}, {"title", &track.title}, {"file", &track.file}})
      if (!value->empty())
        entry[name] = *value;
    list.push_back(std::move(entry));
    if (track.file.empty())
      continue;
    if (auto ok = write_file(context.output / track.file, track.vtt); !ok)
      return ok;
    made_file made;
    made.name = track.file;
    made.media_type = "text/vtt";
    done.files.push_back(std::move(made));
  }
  if (list.empty())
    return {};
  facts found{std::move(done.media)};
  found.add_json("subtitles", list.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  done.media = std::move(found).text();
  return {};
}

} // namespace mediad::media
