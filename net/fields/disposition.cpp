#include "net/fields/disposition.hpp"

#include <algorithm>
#include <cstddef>

namespace mediad::net::fields {
namespace {

// Names come in with at most 255 bytes; this bounds the header whatever comes from elsewhere.
constexpr std::size_t max_name_bytes = 255;

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

// Length of the well-formed UTF-8 character at the start (RFC 3629); 0 if there is none.
std::size_t character_size(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t size = lead < 0x80   ? 1
                           : lead < 0xC2 ? 0
                           : lead < 0xE0 ? 2
                           : lead < 0xF0 ? 3
                           : lead < 0xF5 ? 4
                                         : 0;
  if (size == 0 || text.size() < size
      || !std::all_of(text.begin() + 1, text.begin() + static_cast<std::ptrdiff_t>(size),
                      is_continuation))
    return 0;
  if (size < 3)
    return size;
  const auto second = static_cast<unsigned char>(text[1]);
  const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
  const bool surrogate = lead == 0xED && second > 0x9F;
  const bool beyond = lead == 0xF4 && second > 0x8F;
  return overlong || surrogate || beyond ? 0 : size;
}

bool is_unsafe(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '/' || c == '\\';
}

// C1 controls, the line separators U+2028/2029 and what reverses the reading direction, so that
// "gpj.exe" cannot be made to look like a picture.
bool is_deceptive(std::string_view character) {
  if (character.size() == 2)
    return character[0] == '\xC2' && static_cast<unsigned char>(character[1]) < 0xA0;
  if (character.size() != 3 || character[0] != '\xE2')
    return false;
  const auto second = static_cast<unsigned char>(character[1]);
  const auto third = static_cast<unsigned char>(character[2]);
  return (second == 0x80 && third >= 0xA8 && third <= 0xAE)
         || (second == 0x81 && third >= 0xA6 && third <= 0xA9);
}

std::string clean(std::string_view name) {
  std::string out;
  while (!name.empty()) {
    const auto size = character_size(name);
    const auto character = name.substr(0, std::max<std::size_t>(size, 1));
    if (out.size() + character.size() > max_name_bytes)
      break;
    if (size == 0 || (size == 1 && is_unsafe(character[0])) || is_deceptive(character))
      out += '_';
    else
      out += character;
    name.remove_prefix(character.size());
  }
  return out;
}

bool is_attr_char(char c) {
  constexpr std::string_view others = "!#$&+-.^_`|~"; // RFC 8187 section 3.2.1
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')
         || others.find(c) != std::string_view::npos;
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_attr_char(c))
      out += c;
    else
      out.append({'%', digits[byte >> 4U], digits[byte & 15U]});
  }
  return out;
}

// One `_` for each character beyond ASCII. Quotes would need escaping, which some clients do not
// undo, and a percent sign is decoded by others (RFC 6266 appendix D): both are replaced too.
std::string ascii_fallback(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (is_continuation(c))
      continue;
    const bool keeps = static_cast<unsigned char>(c) < 0x80 && c != '"' && c != '%';
    out += keeps ? c : '_';
  }
  return out;
}

} // namespace

std::string content_disposition(bool attachment, std::string_view name) {
  const std::string kind = attachment ? "attachment" : "inline";
  const auto cleaned = clean(name);
  if (cleaned.empty())
    return kind;
  const auto fallback = ascii_fallback(cleaned);
  auto value = kind + "; filename=\"" + fallback + "\"";
  if (fallback != cleaned)
    value += "; filename*=UTF-8''" + percent_encoded(cleaned);
  return value;
}

bool is_viewable(std::string_view media_type) {
  const auto type = media_type.substr(0, media_type.find(';'));
  return type == "application/pdf" || type.starts_with("video/") || type.starts_with("audio/")
         || (type.starts_with("image/") && !type.starts_with("image/svg"));
}

} // namespace mediad::net::fields
