#include "net/fields/field_value.hpp"

#include "net/fields/trim.hpp"

#include <boost/algorithm/string/case_conv.hpp>

#include <algorithm>

namespace mediad::net::fields {

namespace {

std::string lower(std::string_view text) {
  return boost::algorithm::to_lower_copy(std::string{text});
}

/// Takes a quoted string off the front of @p text; nothing if it does not end.
std::optional<std::string> take_quoted(std::string_view& text) {
  std::string out;
  for (std::size_t i = 1; i < text.size(); ++i) {
    const bool escapes =
      text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '"' || text[i + 1] == '\\');
    if (escapes) {
      out += text[++i];
    } else if (text[i] == '"') {
      text.remove_prefix(i + 1);
      return out;
    } else {
      out += text[i];
    }
  }
  return std::nullopt;
}

std::string take_word(std::string_view& text) {
  const auto word = text.substr(0, text.find(';'));
  text.remove_prefix(word.size());
  return std::string{trim(word)};
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return -1;
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
    if (high < 0 || low < 0)
      return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

std::string latin1_to_utf8(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (code < 0x80) {
      out += c;
    } else {
      out += static_cast<char>(0xC0U | (code >> 6U));
      out += static_cast<char>(0x80U | (code & 0x3FU));
    }
  }
  return out;
}

/// RFC 8187 section 3.2: `charset'language'percent-encoded`.
std::optional<std::string> extended_value(std::string_view text) {
  const auto first = text.find('\'');
  const auto second = first == std::string_view::npos ? first : text.find('\'', first + 1);
  if (second == std::string_view::npos)
    return std::nullopt;
  const auto charset = lower(text.substr(0, first));
  auto decoded = percent_decoded(text.substr(second + 1));
  if (!decoded || charset == "utf-8")
    return decoded;
  if (charset == "iso-8859-1")
    return latin1_to_utf8(*decoded);
  return std::nullopt;
}

} // namespace

std::optional<std::string_view> field_value::parameter(std::string_view name) const {
  const auto found = std::find_if(parameters.begin(), parameters.end(),
                                  [name](const auto& pair) { return pair.first == name; });
  if (found == parameters.end())
    return std::nullopt;
  return found->second;
}

std::optional<field_value> parse_field_value(std::string_view text) {
  field_value out;
  out.value = lower(trim(text.substr(0, text.find(';'))));
  if (out.value.empty())
    return std::nullopt;
  text.remove_prefix(std::min(text.size(), text.find(';')));
  while (!text.empty()) {
    text.remove_prefix(1);
    text = trim(text);
    if (text.empty() || text.front() == ';')
      continue;
    const auto equals = text.find_first_of("=;");
    if (equals == std::string_view::npos || text[equals] == ';')
      return std::nullopt;
    auto name = lower(trim(text.substr(0, equals)));
    text = trim(text.substr(equals + 1));
    const bool quoted = text.starts_with('"');
    auto value = quoted ? take_quoted(text) : take_word(text);
    text = trim(text);
    if (!value || (!text.empty() && text.front() != ';'))
      return std::nullopt;
    out.parameters.emplace_back(std::move(name), *std::move(value));
  }
  return out;
}

std::optional<std::string> file_name(const field_value& disposition) {
  if (const auto extended = disposition.parameter("filename*"))
    if (auto name = extended_value(*extended))
      return name;
  const auto plain = disposition.parameter("filename");
  if (!plain)
    return std::nullopt;
  return std::string{*plain};
}

} // namespace mediad::net::fields
