#include "media/identify/sniffers.hpp"

#include <array>

namespace mediad::media {
namespace {

using namespace std::string_view_literals;

identity sound(std::string_view media_type) {
  return {profile::audio, std::string{media_type}};
}

// The bytes of the MPEG audio frame whose header (ISO/IEC 11172-3, 2.4.2.3) is at @p at; 0 if there
// is none.
std::size_t mpeg_frame_bytes(std::string_view bytes, std::size_t at) {
  constexpr std::array<std::array<unsigned, 15>, 5> kilobits{{
    {0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448}, // version 1, layer 1
    {0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},    // version 1, layer 2
    {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},     // version 1, layer 3
    {0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256},    // version 2, layer 1
    {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160}, // version 2, layers 2, 3
  }};
  constexpr std::array<unsigned, 3> hertz{44100, 48000, 32000};
  const auto header = big_endian(bytes, at, 4);
  const auto version = header >> 19U & 3U; // 3: 1, 2: 2, 0: 2.5
  const auto layer = 4 - (header >> 17U & 3U);
  const auto rate_index = header >> 12U & 15U;
  const auto hertz_index = header >> 10U & 3U;
  const auto padding = header >> 9U & 1U;
  if (header >> 21U != 0x7FF || version == 1 || layer == 4 || rate_index == 0 || rate_index == 15
      || hertz_index == 3)
    return 0;
  const bool is_first = version == 3;
  const std::size_t row = is_first ? layer - 1 : (layer == 1 ? 3 : 4);
  const std::size_t rate = kilobits.at(row).at(rate_index) * std::size_t{1000};
  const std::size_t samples_per_second = hertz.at(hertz_index) >> (is_first       ? 0U
                                                                   : version == 2 ? 1U
                                                                                  : 2U);
  if (layer == 1)
    return (12 * rate / samples_per_second + padding) * 4;
  const std::size_t slots = layer == 3 && !is_first ? 72 : 144;
  return slots * rate / samples_per_second + padding;
}

// The same for AAC in ADTS (ISO/IEC 13818-7, 6.2).
std::size_t adts_frame_bytes(std::string_view bytes, std::size_t at) {
  constexpr std::size_t header_bytes = 7;
  constexpr std::uint64_t frequencies = 13;
  const auto header = big_endian(bytes, at, header_bytes);
  const auto length = static_cast<std::size_t>(header >> 13U & 0x1FFFU);
  const bool is_header =
    header >> 44U == 0xFFF && (header >> 41U & 3U) == 0 && (header >> 34U & 15U) < frequencies;
  return is_header && length > header_bytes ? length : 0;
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
  if (after_tag.starts_with("fLaC"))
    return sound("audio/flac");
  if (frames_follow(after_tag, adts_frame_bytes))
    return sound("audio/aac");
  if (frames_follow(after_tag, mpeg_frame_bytes))
    return sound("audio/mpeg");
  return std::nullopt;
}

} // namespace

std::optional<identity> sniff_sound(const file_bytes& file) {
  const auto head = file.head();
  if ((head.starts_with("RIFF") || head.starts_with("RF64")) && has_at(head, 8, "WAVE"))
    return sound("audio/wav");
  if (head.starts_with("FORM") && (has_at(head, 8, "AIFF") || has_at(head, 8, "AIFC")))
    return sound("audio/aiff");
  if (head.starts_with("caff\0\1\0\0"sv))
    return sound("audio/x-caf");
  if (head.starts_with("#!AMR\n") || head.starts_with("#!AMR-WB\n"))
    return sound("audio/amr");
  return sniff_frames(file);
}

} // namespace mediad::media
