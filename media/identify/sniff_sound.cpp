#include "media/identify/sniffers.hpp"
#include "media/identify/sound_frames.hpp"

#include <algorithm>
#include <array>

namespace mediad::media {
namespace {

using namespace std::string_view_literals;

identity sound(std::string_view media_type) {
  return {profile::audio, std::string{media_type}};
}

// Two bytes in step happen by chance; three frames that follow one another do not.
template <class FrameBytes>
bool frames_follow(std::string_view bytes, FrameBytes frame_bytes) {
  constexpr int frames_looked_at = 3;
  std::size_t at = 0;
  for (int i = 0; i < frames_looked_at; ++i) {
    const auto length = frame_bytes(bytes, at);
    if (length == 0)
      return i == frames_looked_at - 1 && at == bytes.size(); // two, and the file ends
    at += length;
  }
  return true;
}

// What the sounds begin with that have a header, and nothing but one.
constexpr std::array marks{
  known_mark{"fLaC"sv, "audio/flac"},
  known_mark{"caff\0\1\0\0"sv, "audio/x-caf"},
  known_mark{"#!AMR\n"sv, "audio/amr"},
  known_mark{"#!AMR-WB\n"sv, "audio/amr"},
  known_mark{"wvpk"sv, "audio/x-wavpack"},
  known_mark{"TTA1"sv, "audio/x-tta"},
  known_mark{"MAC "sv, "audio/x-ape"},
  known_mark{"MPCK"sv, "audio/musepack"},
  known_mark{"DSD \x1C\0\0\0\0\0\0\0"sv, "audio/x-dsf"},
  known_mark{"riff\x2E\x91\xCF\x11\xA5\xD6\x28\xDB\x04\xC1\0\0"sv, "audio/x-w64"},
};

// A mark of letters alone begins texts, too: the numbers that follow it tell them apart.
bool is_sensible(std::string_view media_type, std::string_view head) {
  constexpr std::uint64_t oldest_wavpack = 0x402;
  constexpr std::uint64_t newest_wavpack = 0x410;
  if (media_type == "audio/x-wavpack") {
    const auto version = little_endian(head, 8, 2);
    return version >= oldest_wavpack && version <= newest_wavpack;
  }
  if (media_type == "audio/x-tta") // PCM, or encrypted
    return little_endian(head, 4, 2) == 1 || little_endian(head, 4, 2) == 2;
  if (media_type == "audio/x-ape") {
    const auto version = little_endian(head, 4, 2); // in thousandths
    return version >= 3'800 && version < 5'000;
  }
  if (media_type == "audio/musepack") // a packet's key of two capitals
    return head.size() > 6 && head[4] >= 'A' && head[4] <= 'Z' && head[5] >= 'A' && head[5] <= 'Z';
  return true;
}

std::optional<identity> by_mark(std::string_view head) {
  for (const auto& known : marks)
    if (head.starts_with(known.mark) && is_sensible(known.media_type, head))
      return sound(known.media_type);
  if (head.starts_with("MP+")
      && (big_endian(head, 3, 1) & 0xFU) == 7) // stream 7, which has a demuxer of its own
    return sound("audio/x-musepack");
  return std::nullopt;
}

// Sun's: the data's offset, its length, the coding, the rate and the number of channels.
bool is_au(std::string_view head) {
  constexpr std::uint64_t min_header_bytes = 24;
  constexpr std::uint64_t highest_coding = 27;
  return head.starts_with(".snd") && big_endian(head, 4, 4) >= min_header_bytes
         && big_endian(head, 12, 4) >= 1 && big_endian(head, 12, 4) <= highest_coding
         && big_endian(head, 20, 4) >= 1 && big_endian(head, 20, 4) <= 64;
}

// ID3v2 says how long it is; what follows says what the file is.
std::optional<identity> sniff_frames(const file_bytes& file) {
  std::uint64_t begin = 0;
  const auto head = file.head();
  const bool tagged = head.starts_with("ID3") && head.size() > 10;
  if (tagged) {
    for (std::size_t i = 6; i < 10; ++i)
      begin = begin << 7U | (big_endian(head, i, 1) & 0x7FU);
    constexpr std::uint64_t header_bytes = 10;
    begin +=
      header_bytes + ((big_endian(head, 5, 1) & 0x10U) != 0 ? header_bytes : 0); // and a footer
  }
  const auto piece = file.read(begin, file_bytes::max_piece);
  const auto after_tag =
    std::string_view{piece}.substr(std::min(piece.find_first_not_of('\0'), piece.size()));
  if (auto marked = by_mark(after_tag))
    return marked;
  if (frames_follow(after_tag, adts_frame_bytes))
    return sound("audio/aac");
  if (frames_follow(after_tag, mpeg_frame_bytes))
    return sound("audio/mpeg");
  if (frames_follow(after_tag, ac3_frame_bytes))
    return sound("audio/ac3");
  if (frames_follow(after_tag, eac3_frame_bytes))
    return sound("audio/eac3");
  if (frames_follow(after_tag, dts_frame_bytes))
    return sound("audio/vnd.dts");
  return std::nullopt;
}

} // namespace

std::optional<identity> sniff_sound(const file_bytes& file) {
  const auto head = file.head();
  if ((head.starts_with("RIFF") || head.starts_with("RF64")) && has_at(head, 8, "WAVE"))
    return sound("audio/wav");
  if (head.starts_with("FORM") && (has_at(head, 8, "AIFF") || has_at(head, 8, "AIFC")))
    return sound("audio/aiff");
  if (is_au(head))
    return sound("audio/basic");
  return sniff_frames(file);
}

} // namespace mediad::media
