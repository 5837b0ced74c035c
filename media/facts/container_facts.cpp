#include "media/facts/container_facts.hpp"

#include "media/facts/clean_text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <initializer_list>
#include <utility>

namespace mediad::media {
namespace {

std::string first_of(const tag_lookup& tag, std::initializer_list<const char*> names) {
  for (const auto* name : names)
    if (auto value = tag(name); !value.empty())
      return value;
  return {};
}

// Takes `+48.1371`, `+4808.226` or `+480813.56` from the front of @p text: as many digits of
// degrees as @p degree_digits, then two each of minutes and of seconds.
std::optional<double> take_angle(std::string_view& text, std::size_t degree_digits) {
  constexpr std::string_view digits = "0123456789";
  constexpr double parts = 60;
  constexpr double hundred = 100;
  if (text.empty() || (text.front() != '+' && text.front() != '-'))
    return std::nullopt;
  const bool is_negative = text.front() == '-';
  text.remove_prefix(1);
  const auto whole = std::min(text.find_first_not_of(digits), text.size());
  if (whole < degree_digits || (whole - degree_digits) % 2 != 0 || whole > degree_digits + 4)
    return std::nullopt;
  auto end = whole;
  if (end < text.size() && text[end] == '.')
    end = std::min(text.find_first_not_of(digits, end + 1), text.size());
  double number = 0;
  const auto [at, failure] = std::from_chars(text.data(), text.data() + end, number);
  if (failure != std::errc{} || at != text.data() + end)
    return std::nullopt;
  text.remove_prefix(end);
  double angle = number;
  if (whole == degree_digits + 2) {
    const auto degrees = std::floor(number / hundred);
    angle = degrees + (number - degrees * hundred) / parts;
  } else if (whole == degree_digits + 4) {
    const auto degrees = std::floor(number / (hundred * hundred));
    const auto minutes = std::floor(number / hundred) - degrees * hundred;
    angle = degrees + minutes / parts
            + (number - std::floor(number / hundred) * hundred) / (parts * parts);
  }
  return is_negative ? -angle : angle;
}

} // namespace

std::optional<position> parse_place(std::string_view text) {
  text = trimmed(text);
  const auto latitude = take_angle(text, 2);
  if (!latitude)
    return std::nullopt;
  const auto longitude = take_angle(text, 3);
  const bool ends_well = text.empty() || text.front() == '+' || text.front() == '-'
                         || text.front() == '/' || text.starts_with("CRS");
  if (!longitude || !ends_well)
    return std::nullopt;
  file_facts found;
  found.place = position{*latitude, *longitude};
  return checked(std::move(found)).place;
}

file_facts container_facts(const tag_lookup& tag) {
  file_facts found;
  found.taken = parse_iso_time(tag("com.apple.quicktime.creationdate"));
  if (!found.taken)
    found.taken = parse_iso_time(tag("creation_time"));
  found.make = first_of(tag, {"com.apple.quicktime.make", "make", "com.android.manufacturer"});
  found.model = first_of(tag, {"com.apple.quicktime.model", "model", "com.android.model"});
  found.place = parse_place(first_of(tag, {"com.apple.quicktime.location.ISO6709", "location"}));
  found.title = first_of(tag, {"com.apple.quicktime.title", "title"});
  found.author = first_of(tag, {"com.apple.quicktime.author", "artist", "author"});
  return checked(std::move(found));
}

} // namespace mediad::media
