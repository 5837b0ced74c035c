#include "net/fields/range.hpp"

#include "net/fields/trim.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace mediad::net::fields {
namespace {

bool is_bytes_unit(std::string_view unit) {
  constexpr std::string_view bytes = "bytes";
  return std::equal(unit.begin(), unit.end(), bytes.begin(), bytes.end(),
                    [](char a, char b) { return a == b || a == b - 'a' + 'A'; });
}

// A number too large for 64 bits is still well formed, and beyond every file: it saturates.
std::optional<std::uint64_t> parse_number(std::string_view digits) {
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  if (digits.empty())
    return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9')
      return std::nullopt;
    const auto digit = static_cast<std::uint64_t>(c - '0');
    value = value > (most - digit) / 10 ? most : value * 10 + digit;
  }
  return value;
}

enum class spec { malformed, unsatisfiable, good };

spec parse_suffix(std::string_view digits, std::uint64_t size, byte_range& range) {
  const auto suffix = parse_number(digits);
  if (!suffix)
    return spec::malformed;
  if (*suffix == 0 || size == 0)
    return spec::unsatisfiable;
  range.size = std::min(*suffix, size);
  range.first = size - range.size;
  return spec::good;
}

spec parse_spec(std::string_view text, std::uint64_t size, byte_range& range) {
  const auto dash = text.find('-');
  if (dash == std::string_view::npos)
    return spec::malformed;
  if (dash == 0)
    return parse_suffix(text.substr(1), size, range);
  const auto first = parse_number(text.substr(0, dash));
  const auto rest = text.substr(dash + 1);
  const auto last = rest.empty() ? std::numeric_limits<std::uint64_t>::max() : parse_number(rest);
  if (!first || !last || *last < *first)
    return spec::malformed;
  if (*first >= size)
    return spec::unsatisfiable;
  range = {*first, std::min(*last, size - 1) - *first + 1};
  return spec::good;
}

bool overlap(std::vector<byte_range> ranges) {
  std::sort(ranges.begin(), ranges.end(),
            [](const byte_range& a, const byte_range& b) { return a.first < b.first; });
  const auto meets = [](const byte_range& a, const byte_range& b) {
    return a.first + a.size > b.first;
  };
  return std::adjacent_find(ranges.begin(), ranges.end(), meets) != ranges.end();
}

} // namespace

std::optional<std::vector<byte_range>> parse_range(std::string_view field, std::uint64_t size) {
  const auto equals = field.find('=');
  if (equals == std::string_view::npos || !is_bytes_unit(trim(field.substr(0, equals))))
    return std::nullopt;
  auto rest = field.substr(equals + 1);
  std::vector<byte_range> ranges;
  std::size_t specs = 0;
  for (bool more = true; more;) {
    const auto comma = rest.find(',');
    more = comma != std::string_view::npos;
    const auto text = trim(rest.substr(0, comma));
    rest = more ? rest.substr(comma + 1) : std::string_view{};
    if (text.empty())
      continue; // RFC 9110 section 5.6.1.2: empty list elements are to be tolerated
    byte_range range;
    const auto verdict = parse_spec(text, size, range);
    if (verdict == spec::malformed || ++specs > max_ranges)
      return std::nullopt;
    if (verdict == spec::good)
      ranges.push_back(range);
  }
  if (specs == 0 || overlap(ranges))
    return std::nullopt;
  return ranges;
}

std::string content_range(byte_range range, std::uint64_t size) {
  return "bytes " + std::to_string(range.first) + "-" + std::to_string(range.first + range.size - 1)
         + "/" + std::to_string(size);
}

std::string unsatisfied_range(std::uint64_t size) {
  return "bytes */" + std::to_string(size);
}

byteranges::byteranges(std::vector<byte_range> ranges, std::uint64_t size, std::string media_type,
                       std::string boundary)
  : ranges_{std::move(ranges)},
    size_{size},
    media_type_{std::move(media_type)},
    boundary_{std::move(boundary)} {}

std::string byteranges::before(std::size_t index) const {
  // The line break before a boundary belongs to the boundary (RFC 2046 section 5.1.1).
  return (index == 0 ? "--" : "\r\n--") + boundary_ + "\r\nContent-Type: " + media_type_
         + "\r\nContent-Range: " + content_range(ranges_[index], size_) + "\r\n\r\n";
}

std::string byteranges::after() const {
  return "\r\n--" + boundary_ + "--\r\n";
}

std::uint64_t byteranges::content_length() const {
  std::uint64_t length = after().size();
  for (std::size_t i = 0; i < ranges_.size(); ++i)
    length += before(i).size() + ranges_[i].size;
  return length;
}

std::string byteranges::content_type() const {
  return "multipart/byteranges; boundary=" + boundary_;
}

} // namespace mediad::net::fields
