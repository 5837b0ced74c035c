#include "net/fields/structured.hpp"

#include <algorithm>
#include <array>

namespace mediad::net::fields {

namespace {

constexpr std::string_view alphabet =
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::size_t max_digits = 15;
constexpr std::size_t max_whole_digits = 12; ///< Limit for a decimal (section 3.3.2).
constexpr std::size_t max_fraction_digits = 3;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_letter(char c) {
  return is_lower(c) || (c >= 'A' && c <= 'Z');
}
bool is_in(char c, std::string_view set) {
  return set.find(c) != std::string_view::npos;
}
bool is_token_char(char c) {
  return is_letter(c) || is_digit(c) || is_in(c, "!#$%&'*+-.^_`|~:/");
}
bool is_key_char(char c) {
  return is_lower(c) || is_digit(c) || is_in(c, "_-.*");
}
bool is_printable(char c) {
  return c >= ' ' && c <= '~';
}

std::string encode_base64(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const auto group = bytes.substr(at, 3);
    unsigned bits = 0;
    for (std::size_t i = 0; i < 3; ++i)
      bits = (bits << 8U) | (i < group.size() ? static_cast<unsigned char>(group[i]) : 0U);
    for (std::size_t i = 0; i < 4; ++i)
      out += i <= group.size() ? alphabet[(bits >> (18U - 6U * i)) & 63U] : '=';
  }
  return out;
}

/// One pass over a field. Once something is malformed, `broken` stays set.
class reader {
public:
  explicit reader(std::string_view field) : left_{field} {
    skip(" ");
    while (!left_.empty() && left_.back() == ' ')
      left_.remove_suffix(1);
  }

  std::optional<item> whole_item() {
    auto value = one_item();
    if (broken_ || !left_.empty())
      return std::nullopt;
    return value;
  }

  /// Section 4.2.2.
  std::optional<dictionary> whole_dictionary() {
    dictionary out;
    while (!left_.empty() && !broken_) {
      auto name = key();
      item value = true;
      if (take('='))
        value = peek() == '(' ? inner_list() : bare_item();
      parameters();
      put(out, std::move(name), std::move(value));
      skip(" \t");
      if (left_.empty())
        break;
      if (!take(','))
        broken_ = true;
      skip(" \t");
      if (left_.empty())
        broken_ = true; // a comma with nothing behind it
    }
    if (broken_)
      return std::nullopt;
    return out;
  }

private:
  static void put(dictionary& out, std::string name, item value) {
    const auto found =
      std::find_if(out.begin(), out.end(), [&](const auto& m) { return m.first == name; });
    if (found != out.end())
      found->second = std::move(value);
    else
      out.emplace_back(std::move(name), std::move(value));
  }

  char peek() const {
    return left_.empty() ? '\0' : left_.front();
  }
  bool take(char c) {
    if (left_.empty() || left_.front() != c)
      return false;
    left_.remove_prefix(1);
    return true;
  }
  void skip(std::string_view set) {
    left_.remove_prefix(std::min(left_.find_first_not_of(set), left_.size()));
  }
  template <class Is>
  std::string_view run_of(Is is) {
    const auto end = std::find_if_not(left_.begin(), left_.end(), is);
    const auto run = left_.substr(0, static_cast<std::size_t>(end - left_.begin()));
    left_.remove_prefix(run.size());
    return run;
  }
  item malformed() {
    broken_ = true;
    return other_item{};
  }

  std::string key() {
    if (!is_lower(peek()) && peek() != '*')
      broken_ = true;
    return std::string{run_of(is_key_char)};
  }

  void parameters() {
    while (!broken_ && take(';')) {
      skip(" ");
      static_cast<void>(key());
      if (take('='))
        static_cast<void>(bare_item());
    }
  }

  item one_item() {
    auto value = bare_item();
    parameters();
    return value;
  }

  item inner_list() {
    static_cast<void>(take('('));
    for (;;) {
      skip(" ");
      if (take(')'))
        return other_item{};
      static_cast<void>(one_item());
      if (broken_ || (peek() != ' ' && peek() != ')'))
        return malformed();
    }
  }

  item bare_item() {
    const char first = peek();
    if (first == '-' || is_digit(first))
      return number();
    if (is_letter(first) || first == '*')
      return token{std::string{run_of(is_token_char)}};
    if (take('"'))
      return quoted();
    if (take(':'))
      return bytes();
    if (take('?'))
      return boolean();
    if (take('@'))
      return date();
    if (take('%'))
      return display_string();
    return malformed();
  }

  item number() {
    const bool negative = take('-');
    const auto whole = run_of(is_digit);
    if (take('.')) {
      const auto fraction = run_of(is_digit);
      const bool fits = !whole.empty() && whole.size() <= max_whole_digits && !fraction.empty()
                        && fraction.size() <= max_fraction_digits;
      return fits ? item{other_item{}} : malformed();
    }
    if (whole.empty() || whole.size() > max_digits)
      return malformed();
    std::int64_t value = 0;
    for (const char c : whole)
      value = value * 10 + (c - '0');
    return negative ? -value : value;
  }

  item quoted() {
    std::string out;
    while (!left_.empty()) {
      if (take('"'))
        return out;
      if (take('\\') && !is_in(peek(), "\"\\"))
        return malformed();
      if (!is_printable(peek()))
        return malformed();
      out += peek();
      left_.remove_prefix(1);
    }
    return malformed();
  }

  item bytes() {
    const auto end = left_.find(':');
    if (end == std::string_view::npos)
      return malformed();
    auto value = decode_base64(left_.substr(0, end));
    left_.remove_prefix(end + 1);
    if (!value)
      return malformed();
    return byte_sequence{std::move(*value)};
  }

  item boolean() {
    if (take('1'))
      return true;
    return take('0') ? item{false} : malformed();
  }

  item date() {
    const auto seconds = number();
    return std::holds_alternative<std::int64_t>(seconds) ? item{other_item{}} : malformed();
  }

  item display_string() {
    if (!take('"'))
      return malformed();
    static_cast<void>(run_of([](char c) { return is_printable(c) && c != '"'; }));
    return take('"') ? item{other_item{}} : malformed();
  }

  std::string_view left_;
  bool broken_ = false;
};

} // namespace

std::optional<std::string> decode_base64(std::string_view text) {
  auto digits = text;
  while (!digits.empty() && digits.back() == '=')
    digits.remove_suffix(1);
  if (text.size() - digits.size() > 2 || digits.size() % 4 == 1)
    return std::nullopt;
  std::string out;
  out.reserve(digits.size() * 3 / 4);
  unsigned waiting = 0;
  unsigned bits = 0;
  for (const char c : digits) {
    const auto value = alphabet.find(c);
    if (value == std::string_view::npos)
      return std::nullopt;
    waiting = (waiting << 6U) | static_cast<unsigned>(value);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out += static_cast<char>((waiting >> bits) & 255U);
    }
  }
  return out;
}

std::optional<item> parse_item(std::string_view field) {
  return reader{field}.whole_item();
}

std::optional<dictionary> parse_dictionary(std::string_view field) {
  return reader{field}.whole_dictionary();
}

std::optional<bool> parse_boolean(const std::optional<std::string>& field) {
  const auto value = field ? parse_item(*field) : std::nullopt;
  const auto* boolean = value ? std::get_if<bool>(&*value) : nullptr;
  return boolean != nullptr ? std::optional{*boolean} : std::nullopt;
}

std::optional<std::uint64_t> parse_count(const std::optional<std::string>& field) {
  const auto value = field ? parse_item(*field) : std::nullopt;
  const auto* number = value ? std::get_if<std::int64_t>(&*value) : nullptr;
  if (number == nullptr || *number < 0)
    return std::nullopt;
  return static_cast<std::uint64_t>(*number);
}

std::string to_text(const byte_sequence& bytes) {
  return ':' + encode_base64(bytes.value) + ':';
}

std::string_view to_text(bool value) {
  return value ? "?1" : "?0";
}

} // namespace mediad::net::fields
