#include "media/text/east_asian.hpp"

#include "media/text/decoder.hpp"
#include "media/text/reading.hpp"

#include <array>
#include <cstddef>

namespace mediad::media {
namespace {

/// Where the characters of a charset stand by their first bytes, and which of them are common: the
/// first level of GB 2312, Big5 and JIS X 0208 with its kana, the syllables of KS X 1001.
struct double_bytes {
  std::string_view charset;
  unsigned first_lead;
  unsigned last_lead;
  unsigned first_common_trail;
  std::array<unsigned, 2> common;      ///< First and last lead.
  std::array<unsigned, 2> also_common; ///< The same.
  bool has_single_kana;
};

// Among equals the earlier one is taken.
constexpr std::array charsets{
  double_bytes{"GB18030", 0x81, 0xFE, 0xA1, {0xB0, 0xD7}, {0xB0, 0xD7}, false},
  double_bytes{"Big5", 0xA1, 0xF9, 0x40, {0xA4, 0xC6}, {0xA4, 0xC6}, false},
  double_bytes{"windows-31j", 0x81, 0xFC, 0x40, {0x81, 0x83}, {0x88, 0x98}, true},
};
constexpr double_bytes korean{"windows-949", 0x81, 0xFE, 0xA1, {0xB0, 0xC8}, {0xB0, 0xC8}, false};

// So many Chinese characters are hardly all among those where Korean has its syllables.
constexpr std::size_t surely_korean = 5;

bool is_within(unsigned value, const std::array<unsigned, 2>& range) {
  return value >= range[0] && value <= range[1];
}

// How many characters beyond ASCII @p bytes hold; 0 if not all are common.
std::size_t common_characters(std::string_view bytes, const double_bytes& set) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const unsigned lead = static_cast<unsigned char>(bytes[i]);
    if (lead < 0x80)
      continue;
    if (set.has_single_kana && lead >= 0xA1 && lead <= 0xDF)
      return 0; // no common way to write
    if (lead < set.first_lead || lead > set.last_lead || i + 1 == bytes.size())
      return 0;
    const unsigned trail = static_cast<unsigned char>(bytes[++i]);
    const bool is_common = is_within(lead, set.common) || is_within(lead, set.also_common);
    if (!is_common || trail < set.first_common_trail || trail == 0x7F || trail == 0xFF)
      return 0;
    ++count;
  }
  return count;
}

} // namespace

bool may_be_small_katakana(std::string_view bytes) {
  std::size_t kana = 0;
  std::size_t letters = 0;
  for (const char c : bytes) {
    const unsigned byte = static_cast<unsigned char>(c);
    const unsigned small = byte | 0x20U;
    if (byte >= 0x80 && (byte <= 0xA0 || byte > 0xDF))
      return false;
    kana += byte >= 0x80 ? 1 : 0;
    letters += small >= 'a' && small <= 'z' ? 1 : 0;
  }
  return kana > letters;
}

std::string common_east_asian(std::string_view bytes) {
  constexpr std::size_t min_characters = 2;
  constexpr double reads_well = 0.75;
  if (common_characters(bytes, korean) >= surely_korean)
    return std::string{korean.charset};
  for (const auto& set : charsets) {
    if (common_characters(bytes, set) < min_characters)
      continue;
    std::string name{set.charset};
    if (read_text(decoded(bytes, name)).plausibility() >= reads_well)
      return name;
  }
  return {};
}

} // namespace mediad::media
