#include "base/options/value.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <utility>

namespace mediad::options {

namespace {

using unit = std::pair<std::string_view, std::int64_t>;

constexpr std::array<unit, 4> durations{{{"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};

constexpr std::array<unit, 5> sizes{{{"TiB", std::int64_t{1} << 40U},
                                     {"GiB", std::int64_t{1} << 30U},
                                     {"MiB", std::int64_t{1} << 20U},
                                     {"KiB", std::int64_t{1} << 10U},
                                     {"B", 1}}};

template <std::size_t N>
std::optional<std::int64_t> parse(std::string_view text, const std::array<unit, N>& units) {
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = parse_number(text.substr(0, digits));
  if (!number)
    return std::nullopt;
  for (const auto& [name, factor] : units) {
    if (name != text.substr(digits))
      continue;
    if (*number > std::numeric_limits<std::int64_t>::max() / factor)
      return std::nullopt;
    return *number * factor;
  }
  return std::nullopt;
}

template <std::size_t N>
std::string format(std::int64_t number, const std::array<unit, N>& units) {
  for (const auto& [name, factor] : units)
    if (number != 0 && number % factor == 0)
      return std::to_string(number / factor) + std::string{name};
  return std::to_string(number) + std::string{units.back().first};
}

std::string quoted(std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      out += {'\\', c};
    else if (byte < 0x20 || byte == 0x7f)
      out += {'\\', 'u', '0', '0', hex[byte >> 4U], hex[byte & 15U]};
    else
      out += c;
  }
  return out + '"';
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string_view without(std::string_view text, char open, char close) {
  if (text.size() >= 2 && text.front() == open && text.back() == close)
    return trimmed(text.substr(1, text.size() - 2));
  return text;
}

struct writer {
  std::string operator()(bool b) const {
    return b ? "true" : "false";
  }
  std::string operator()(const unsupported& u) const {
    return u.what;
  }
  std::string operator()(std::int64_t n) const {
    return std::to_string(n);
  }
  std::string operator()(const std::string& s) const {
    return quoted(s);
  }
  template <class T>
  std::string operator()(const std::vector<T>& all) const {
    std::string out = "[";
    for (const auto& one : all)
      out += (out.size() > 1 ? ", " : "") + (*this)(one);
    return out + "]";
  }
};

} // namespace

std::string variable_of(std::string_view section, std::string_view key) {
  auto out = "MEDIAD_" + std::string{section} + "__" + std::string{key};
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return 'a' <= c && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return out;
}

std::string to_toml(const value& v) {
  return std::visit(writer{}, v);
}

std::optional<std::int64_t> parse_duration(std::string_view text) {
  return parse(text, durations);
}

std::string format_duration(std::int64_t milliseconds) {
  return format(milliseconds, durations);
}

std::optional<std::int64_t> parse_size(std::string_view text) {
  return parse(text, sizes);
}

std::string format_size(std::int64_t bytes) {
  return format(bytes, sizes);
}

std::optional<std::int64_t> parse_number(std::string_view text) {
  std::int64_t number = 0;
  const auto* end = text.data() + text.size();
  const auto [at, problem] = std::from_chars(text.data(), end, number);
  if (problem != std::errc{} || at != end)
    return std::nullopt;
  return number;
}

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> out;
  auto rest = without(trimmed(text), '[', ']');
  while (!rest.empty()) {
    const auto comma = std::min(rest.find(','), rest.size());
    out.emplace_back(without(trimmed(rest.substr(0, comma)), '"', '"'));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return out;
}

} // namespace mediad::options
