#include "media/facts/clean_text.hpp"

namespace mediad::media {
namespace {

/// The length of the valid UTF-8 sequence at the start of @p text (Unicode 15, table 3-7); 0: none.
std::size_t sequence_length(std::string_view text) {
  const auto at = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto tail = [&](std::size_t from, std::size_t count) {
    for (std::size_t i = from; i < from + count; ++i)
      if ((at(i) & 0xC0U) != 0x80U)
        return false;
    return true;
  };
  const auto first = at(0);
  const auto second = at(1);
  if (first < 0x80)
    return 1;
  if (first >= 0xC2 && first <= 0xDF)
    return tail(1, 1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const bool overlong = first == 0xE0 && second < 0xA0;
    const bool surrogate = first == 0xED && second > 0x9F;
    return !overlong && !surrogate && tail(1, 2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const bool overlong = first == 0xF0 && second < 0x90;
    const bool too_high = first == 0xF4 && second > 0x8F;
    return !overlong && !too_high && tail(1, 3) ? 4 : 0;
  }
  return 0;
}

} // namespace

std::string clean_text(std::string_view raw, std::size_t max_bytes) {
  static constexpr std::string_view replacement = "\xEF\xBF\xBD"; // U+FFFD
  std::string text;
  while (!raw.empty()) {
    const auto length = sequence_length(raw);
    const auto piece = length == 0 ? replacement : raw.substr(0, length);
    const auto first = static_cast<unsigned char>(piece.front());
    if (text.size() + piece.size() > max_bytes)
      break;
    if (first >= 0x20 && first != 0x7F)
      text += piece;
    raw.remove_prefix(length == 0 ? 1 : length);
  }
  return text;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks{" \t\r\n\0", 5};
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

} // namespace mediad::media
