#include "media/identify/sound_frames.hpp"

#include <array>

namespace mediad::media {

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

std::size_t adts_frame_bytes(std::string_view bytes, std::size_t at) {
  constexpr std::size_t header_bytes = 7;
  constexpr std::uint64_t frequencies = 13;
  const auto header = big_endian(bytes, at, header_bytes);
  const auto length = static_cast<std::size_t>(header >> 13U & 0x1FFFU);
  const bool is_header =
    header >> 44U == 0xFFF && (header >> 41U & 3U) == 0 && (header >> 34U & 15U) < frequencies;
  return is_header && length > header_bytes ? length : 0;
}

namespace {

constexpr std::uint64_t ac3_mark = 0x0B77;
constexpr std::uint64_t first_eac3_version = 11;
constexpr std::uint64_t last_eac3_version = 16;

std::uint64_t ac3_version(std::string_view bytes, std::size_t at) {
  return big_endian(bytes, at, 2) == ac3_mark && at + 8 <= bytes.size()
           ? big_endian(bytes, at + 5, 1) >> 3U
           : last_eac3_version + 1;
}

} // namespace

std::size_t ac3_frame_bytes(std::string_view bytes, std::size_t at) {
  constexpr std::array<std::size_t, 19> kilobits{32,  40,  48,  56,  64,  80,  96,  112, 128, 160,
                                                 192, 224, 256, 320, 384, 448, 512, 576, 640};
  constexpr std::array<std::size_t, 3> hertz{48000, 44100, 32000};
  constexpr std::size_t samples = 1536;
  const auto rates = big_endian(bytes, at + 4, 1);
  const auto hertz_index = rates >> 6U;
  const auto rate_index = (rates & 0x3FU) >> 1U;
  if (ac3_version(bytes, at) >= first_eac3_version || hertz_index >= hertz.size()
      || rate_index >= kilobits.size())
    return 0;
  const auto words =
    kilobits.at(rate_index) * 1000 * samples / 16 / hertz.at(hertz_index); // rounded down
  // At 44.1 kHz frames are one word longer by turns.
  return 2 * (words + (hertz_index == 1 ? rates & 1U : 0));
}

std::size_t eac3_frame_bytes(std::string_view bytes, std::size_t at) {
  const auto version = ac3_version(bytes, at);
  if (version < first_eac3_version || version > last_eac3_version)
    return 0;
  return 2 * static_cast<std::size_t>((big_endian(bytes, at + 2, 2) & 0x7FFU) + 1);
}

std::size_t dts_frame_bytes(std::string_view bytes, std::size_t at) {
  constexpr std::uint64_t core_mark = 0x7FFE8001;
  constexpr std::uint64_t extension_mark = 0x64582025;
  constexpr std::size_t min_bytes = 96;
  if (big_endian(bytes, at, 4) != core_mark || at + 10 > bytes.size())
    return 0;
  const auto core = static_cast<std::size_t>((big_endian(bytes, at + 4, 4) >> 4U & 0x3FFFU) + 1);
  if (core < min_bytes)
    return 0;
  const auto after = (at + core + 3) / 4 * 4;
  if (big_endian(bytes, after, 4) != extension_mark || after + 10 > bytes.size())
    return core;
  const auto sizes = big_endian(bytes, after + 4, 6); // reserved: 8, index: 2, long: 1, sizes
  const bool is_long = (sizes >> 37U & 1U) != 0;
  const auto extension = is_long ? (sizes >> 5U & 0xFFFFFU) + 1 : (sizes >> 13U & 0xFFFFU) + 1;
  return after - at + static_cast<std::size_t>(extension);
}

} // namespace mediad::media
