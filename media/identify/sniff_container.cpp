#include "media/identify/sniffers.hpp"
#include "media/identify/tracks.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace mediad::media {
namespace {

using namespace std::string_view_literals;

// How many elements or pages are looked at on one level: a sound file needs a few dozen.
constexpr int max_steps = 512;

// An element of EBML (RFC 8794): its id with the length bits left in, and where its contents are.
struct element {
  std::uint64_t id = 0;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

std::optional<element> element_at(const file_bytes& file, std::uint64_t at, std::uint64_t end) {
  const auto header = file.read(at, 12);
  if (at >= end || header.empty() || header[0] == 0)
    return std::nullopt;
  const auto id_bytes =
    static_cast<std::size_t>(std::countl_zero(static_cast<unsigned char>(header[0]))) + 1;
  if (id_bytes > 4 || header.size() <= id_bytes || header[id_bytes] == 0)
    return std::nullopt;
  const auto size_bytes =
    static_cast<std::size_t>(std::countl_zero(static_cast<unsigned char>(header[id_bytes]))) + 1;
  if (header.size() < id_bytes + size_bytes)
    return std::nullopt;
  const auto unknown = (std::uint64_t{1} << (7 * size_bytes)) - 1;
  const auto length = big_endian(header, id_bytes, size_bytes) & unknown;
  const auto begin = at + id_bytes + size_bytes;
  if (length == unknown) // live streams do not know how long they will be
    return element{big_endian(header, 0, id_bytes), begin, end};
  if (begin > end || length > end - begin)
    return std::nullopt;
  return element{big_endian(header, 0, id_bytes), begin, begin + length};
}

template <class Visit>
void each_element(const file_bytes& file, std::uint64_t begin, std::uint64_t end, Visit visit) {
  auto at = begin;
  for (int steps = 0; steps < max_steps; ++steps) {
    const auto next = element_at(file, at, end);
    if (!next)
      return;
    visit(*next);
    at = next->end;
  }
}

tracks tracks_of_matroska(const file_bytes& file, std::uint64_t after_header) {
  constexpr std::uint64_t segment_id = 0x18538067;
  constexpr std::uint64_t tracks_id = 0x1654AE6B;
  constexpr std::uint64_t entry_id = 0xAE;
  constexpr std::uint64_t type_id = 0x83;
  tracks found;
  // The segment of a file that was cut off is longer than the file: its contents still count.
  const auto segment = file.read(after_header, 12);
  if (big_endian(segment, 0, 4) != segment_id || segment.size() < 5)
    return found;
  const auto size_bytes =
    static_cast<std::uint64_t>(std::countl_zero(static_cast<unsigned char>(segment[4]))) + 1;
  each_element(file, after_header + 4 + size_bytes, file.size(), [&](const element& in_segment) {
    if (in_segment.id == tracks_id)
      each_element(file, in_segment.begin, in_segment.end, [&](const element& entry) {
        if (entry.id == entry_id)
          each_element(file, entry.begin, entry.end, [&](const element& field) {
            const auto kind = field.id == type_id ? big_endian(file.read(field.begin, 1), 0, 1) : 0;
            found.video = found.video || kind == 1;
            found.sound = found.sound || kind == 2;
          });
      });
  });
  return found;
}

std::optional<identity> sniff_matroska(const file_bytes& file) {
  if (!file.head().starts_with("\x1A\x45\xDF\xA3"))
    return std::nullopt;
  const auto header = element_at(file, 0, file.size());
  if (!header)
    return std::nullopt;
  const auto fields = file.read(header->begin, header->end - header->begin);
  const auto found = tracks_of_matroska(file, header->end);
  if (fields.find("webm") != std::string::npos)
    return found.choose("video/webm", "audio/webm");
  if (fields.find("matroska") != std::string::npos)
    return found.choose("video/x-matroska", "audio/x-matroska");
  return std::nullopt;
}

// Ogg (RFC 3533) names its codecs in the first packet of each stream; those pages come first.
std::optional<identity> sniff_ogg(std::string_view head) {
  if (!head.starts_with("OggS"))
    return std::nullopt;
  constexpr std::array videos{"\x80theora"sv, "\1video\0\0\0"sv, "BBCD\0"sv, "OVP80"sv};
  constexpr std::array sounds{"\1vorbis"sv, "OpusHead"sv,
                              "\x7F"
                              "FLAC"sv,
                              "Speex   "sv};
  tracks found;
  std::size_t at = 0;
  for (int steps = 0; steps < max_steps && has_at(head, at, "OggS"); ++steps) {
    const bool begins_stream = (big_endian(head, at + 5, 1) & 2U) != 0;
    if (!begins_stream)
      break;
    const auto segments = big_endian(head, at + 26, 1);
    const auto packet = at + 27 + segments;
    for (const auto word : videos)
      found.video = found.video || has_at(head, packet, word);
    for (const auto word : sounds)
      found.sound = found.sound || has_at(head, packet, word);
    at = packet;
    for (std::size_t i = 0; i < segments; ++i)
      at += big_endian(head, packet - segments + i, 1);
  }
  if (!found.video && !found.sound)
    return identity{profile::other, "application/ogg"};
  return found.choose("video/ogg", "audio/ogg");
}

// ASF ([MS-ASF] 3) has a header object, in which each stream has an object that names its kind. The
// numbers of both are GUIDs as Microsoft writes them.
std::optional<identity> sniff_asf(const file_bytes& file) {
  constexpr auto header = "\x30\x26\xB2\x75\x8E\x66\xCF\x11\xA6\xD9\0\xAA\0\x62\xCE\x6C"sv;
  constexpr auto stream = "\x91\x07\xDC\xB7\xB7\xA9\xCF\x11\x8E\xE6\0\xC0\x0C\x20\x53\x65"sv;
  constexpr auto sound = "\x40\x9E\x69\xF8\x4D\x5B\xCF\x11\xA8\xFD\0\x80\x5F\x5C\x44\x2B"sv;
  constexpr std::size_t kind_at = 24; // after the stream object's GUID and its size
  if (!file.head().starts_with(header))
    return std::nullopt;
  const auto objects = file.head().substr(0, little_endian(file.head(), 16, 8));
  tracks found;
  for (auto at = objects.find(stream); at != objects.npos; at = objects.find(stream, at + 1)) {
    found.sound = found.sound || has_at(objects, at + kind_at, sound);
    found.video = found.video || !has_at(objects, at + kind_at, sound);
  }
  return found.choose("video/x-ms-asf", "audio/x-ms-wma");
}

constexpr char sync_byte = 0x47;

// How many packets, each led by 0x47 (ISO/IEC 13818-1, 2.4.3.2), follow each other from @p first
// on, up to @p most.
std::size_t packets_in_step(std::string_view head, std::size_t first, std::size_t step,
                            std::size_t most) {
  std::size_t count = 0;
  while (count < most && first + count * step < head.size()
         && head[first + count * step] == sync_byte)
    ++count;
  return count;
}

// Packets of 188 bytes, of 192 with a time before each (discs and cameras), of 204 with what
// corrects errors behind each (DVB). A stream that was cut out of a longer one may begin inside of
// a packet. Text may have the same letter in step, but not the bytes that fill packets.
bool is_transport_stream(std::string_view head) {
  constexpr std::size_t at_start = 5;
  constexpr std::size_t anywhere = 8;
  constexpr std::array<std::size_t, 3> steps{188, 192, 204};
  const auto looked_at = head.substr(0, steps.back() * (anywhere + 1));
  if (std::none_of(looked_at.begin(), looked_at.end(),
                   [](char c) { return c == '\0' || c == '\xFF'; }))
    return false;
  if (packets_in_step(head, 0, 188, at_start) == at_start
      || packets_in_step(head, 4, 192, at_start) == at_start)
    return true;
  return std::any_of(steps.begin(), steps.end(), [&](std::size_t step) {
    for (std::size_t first = 0; first < step; ++first)
      if (packets_in_step(head, first, step, anywhere) == anywhere)
        return true;
    return false;
  });
}

} // namespace

std::optional<identity> sniff_container(const file_bytes& file) {
  const auto head = file.head();
  if (auto mp4 = sniff_mp4(file))
    return mp4;
  if (auto matroska = sniff_matroska(file))
    return matroska;
  if (auto ogg = sniff_ogg(head))
    return ogg;
  if (head.starts_with("RIFF") && has_at(head, 8, "AVI "))
    return identity{profile::video, "video/x-msvideo"};
  if (head.starts_with("FLV\1"))
    return identity{profile::video, "video/x-flv"};
  if (head.starts_with("\0\0\1\xBA"sv))
    return identity{profile::video, "video/mpeg"};
  if (auto asf = sniff_asf(file))
    return asf;
  if (is_transport_stream(head))
    return identity{profile::video, "video/mp2t"};
  return std::nullopt;
}

} // namespace mediad::media
