#include "media/video/hls/playlist.hpp"

#include "media/bytes/boxes.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <fcntl.h>

namespace mediad::media {
namespace {

constexpr double segment_s = 6; // What Apple's guide for authors recommends.
constexpr std::size_t max_head_bytes = 1U << 20U;

std::uint64_t number(const std::string& bytes, std::size_t at, std::size_t width) {
  std::uint64_t value = 0;
  for (std::size_t i = at; i < at + width && i < bytes.size(); ++i)
    value = value << 8U | static_cast<unsigned char>(bytes[i]);
  return value;
}

/// A box at the top of the file.
struct top_box {
  std::string type;
  std::uint64_t begin = 0;
  std::uint64_t bytes = 0;
};

// Fewer bytes at the end of the file.
std::string read(const opened_file& in, std::uint64_t at, std::size_t bytes) {
  std::string text(bytes, '\0');
  const auto got = ::pread(in.descriptor(), text.data(), bytes, static_cast<off_t>(at));
  text.resize(static_cast<std::size_t>(std::max<::ssize_t>(got, 0)));
  return text;
}

std::vector<top_box> boxes_of(const opened_file& in, std::uint64_t size) {
  std::vector<top_box> all;
  for (std::uint64_t at = 0; at + 8 <= size;) {
    const auto head = parse_box_header(read(in, at, max_box_header_bytes));
    if (!head || head->bytes == 0 || head->bytes > size - at)
      break;
    all.push_back({head->type, at, head->bytes});
    at += head->bytes;
  }
  return all;
}

/// Where the contents of the first box @p type in @p bytes begin; npos: none.
std::size_t inside(const std::string& bytes, const char* type) {
  const auto at = bytes.find(type);
  return at == std::string::npos ? at : at + 4;
}

double timescale_of(const std::string& head) {
  const auto at = inside(head, "mdhd");
  if (at == std::string::npos)
    return 0;
  const bool wide = number(head, at, 1) == 1;
  return static_cast<double>(number(head, at + (wide ? 20U : 12U), 4));
}

std::string codec_of(const std::string& head) {
  const auto at = inside(head, "avcC");
  if (at == std::string::npos)
    return "mp4a.40.2"; // our encoder's AAC is of low complexity
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "avc1.%06llx",
                static_cast<unsigned long long>(number(head, at + 1, 3)));
  return text.data();
}

double begin_of(const std::string& fragment, double timescale) {
  const auto at = inside(fragment, "tfdt");
  if (at == std::string::npos || timescale <= 0)
    return -1;
  const bool wide = number(fragment, at, 1) == 1;
  return static_cast<double>(number(fragment, at + 4, wide ? 8 : 4)) / timescale;
}

// Between quotes there is no way to write one.
std::string quoted(std::string text) {
  std::erase(text, '"');
  return "\"" + text + "\"";
}

} // namespace

std::uint64_t hls_track::peak_rate() const {
  double most = 0;
  for (const auto& s : segments)
    most = std::max(most, 8 * static_cast<double>(s.bytes) / std::max(0.1, s.length_s));
  return static_cast<std::uint64_t>(most);
}

std::uint64_t hls_track::average_rate() const {
  double bytes = 0;
  double length_s = 0;
  for (const auto& s : segments) {
    bytes += static_cast<double>(s.bytes);
    length_s += s.length_s;
  }
  return static_cast<std::uint64_t>(8 * bytes / std::max(0.1, length_s));
}

result<hls_track> read_track(const folder_entry& file, double length_s) {
  const auto opened = file.open(O_RDONLY);
  if (!opened)
    return fail(opened.error());
  const opened_file in{opened->get()};
  const auto size = in.size();
  if (!size)
    return fail(size.error());
  hls_track track;
  track.file = file.name;
  double timescale = 0;
  for (const auto& b : boxes_of(in, *size)) {
    if (track.segments.empty() && b.type != "moof") {
      track.head_bytes = b.begin + b.bytes;
      if (b.type != "moov")
        continue;
      const auto head = read(in, b.begin, std::min<std::size_t>(b.bytes, max_head_bytes));
      timescale = timescale_of(head);
      track.codec = codec_of(head);
    } else if (b.type == "moof") {
      const double at_s =
        begin_of(read(in, b.begin, std::min<std::size_t>(b.bytes, max_head_bytes)), timescale);
      if (at_s < 0)
        return fail(errc::internal, "a fragment without its time");
      // Keyframes come more often than segments should.
      if (track.segments.empty() || at_s - track.segments.back().begin_s > segment_s - 0.5)
        track.segments.push_back({b.begin, 0, at_s, 0});
    }
    if (!track.segments.empty())
      track.segments.back().bytes = b.begin + b.bytes - track.segments.back().begin;
  }
  if (track.segments.empty() || track.codec.empty())
    return fail(errc::internal, "no fragments in " + track.file);
  for (std::size_t i = 0; i < track.segments.size(); ++i) {
    auto& s = track.segments[i];
    const double end_s =
      i + 1 < track.segments.size() ? track.segments[i + 1].begin_s : std::max(length_s, s.begin_s);
    s.length_s = std::max(0.001, end_s - s.begin_s);
  }
  return track;
}

std::string playlist_of(const hls_track& track) {
  double longest_s = 1;
  for (const auto& s : track.segments)
    longest_s = std::max(longest_s, s.length_s);
  std::string text = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:"
                     + std::to_string(std::lround(std::ceil(longest_s)))
                     + "\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-MAP:URI=\""
                     + track.file + "\",BYTERANGE=\"" + std::to_string(track.head_bytes) + "@0\"\n";
  for (const auto& s : track.segments)
    text += "#EXTINF:" + std::to_string(s.length_s) + ",\n#EXT-X-BYTERANGE:"
            + std::to_string(s.bytes) + "@" + std::to_string(s.begin) + "\n" + track.file + "\n";
  return text + "#EXT-X-ENDLIST\n";
}

std::string playlist_of_subtitles(const std::string& name, double length_s) {
  return "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:"
         + std::to_string(std::max(1L, std::lround(std::ceil(length_s))))
         + "\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXTINF:" + std::to_string(std::max(0.001, length_s))
         + ",\n" + name + "\n#EXT-X-ENDLIST\n";
}

std::string sound_line(const std::string& name, const std::string& language,
                       const std::string& playlist, bool is_default) {
  return "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"sound\",NAME=" + quoted(name)
         + (language.empty() ? "" : ",LANGUAGE=" + quoted(language))
         + (is_default ? ",DEFAULT=YES" : ",DEFAULT=NO") + ",AUTOSELECT=YES,URI=" + quoted(playlist)
         + "\n";
}

std::string subtitles_line(const std::string& name, const std::string& language,
                           const std::string& playlist) {
  return "#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"words\",NAME="
         + quoted(!name.empty()       ? name
                  : !language.empty() ? language
                                      : playlist)
         + (language.empty() ? "" : ",LANGUAGE=" + quoted(language))
         + ",DEFAULT=NO,AUTOSELECT=YES,URI=" + quoted(playlist) + "\n";
}

} // namespace mediad::media
