#include "media/facts/times.hpp"

#include "media/facts/clean_text.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>

namespace mediad::media {
namespace {

constexpr int min_year = 1800;
constexpr int max_year = 2200;
constexpr int min_offset = -12 * 60;
constexpr int max_offset = 14 * 60;
constexpr unix_ms ms_per_minute = 60'000;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Takes a text apart from its front.
class scanner {
public:
  explicit scanner(std::string_view text) : rest_{text} {}

  /// A number of exactly @p digits digits.
  std::optional<int> number(std::size_t digits) {
    if (rest_.size() < digits
        || !std::all_of(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(digits),
                        is_digit))
      return std::nullopt;
    int value = 0;
    for (const char c : rest_.substr(0, digits))
      value = value * 10 + (c - '0');
    rest_.remove_prefix(digits);
    return value;
  }
  bool skip(char wanted) {
    if (rest_.empty() || rest_.front() != wanted)
      return false;
    rest_.remove_prefix(1);
    return true;
  }
  /// All digits that come next.
  std::string_view digits() {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_digit);
    const auto found = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(found.size());
    return found;
  }
  std::string_view rest() const {
    return rest_;
  }

private:
  std::string_view rest_;
};

struct civil_time {
  int year = 0;
  int month = 1;
  int day = 1;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int ms = 0;
};

std::optional<unix_ms> milliseconds_of(const civil_time& t) {
  using namespace std::chrono;
  if (t.year < min_year || t.year > max_year || t.hour > 23 || t.minute > 59 || t.second > 60)
    return std::nullopt;
  const year_month_day date{year{t.year}, month{static_cast<unsigned>(t.month)},
                            day{static_cast<unsigned>(t.day)}};
  if (!date.ok())
    return std::nullopt;
  const auto days = static_cast<unix_ms>(sys_days{date}.time_since_epoch().count());
  // Unix time has no leap seconds: the 61st of a minute is told as the 60th.
  const auto seconds = ((days * 24 + t.hour) * 60 + t.minute) * 60 + std::min(t.second, 59);
  return seconds * 1000 + t.ms;
}

/// The first three digits of a fraction of a second; 0 for anything but digits.
int milliseconds_of(std::string_view fraction) {
  int ms = 0;
  int unit = 100;
  for (const char c : fraction.substr(0, 3)) {
    if (!is_digit(c))
      return 0;
    ms += unit * (c - '0');
    unit /= 10;
  }
  return ms;
}

bool take(scanner& from, std::size_t digits, int& into) {
  const auto number = from.number(digits);
  into = number.value_or(into);
  return number.has_value();
}

/// `T12:34`, with seconds and a fraction if they are there.
bool take_clock(scanner& from, civil_time& into) {
  if (!take(from, 2, into.hour) || !from.skip(':') || !take(from, 2, into.minute))
    return false;
  if (!from.skip(':'))
    return true;
  if (!take(from, 2, into.second))
    return false;
  if (from.skip('.') || from.skip(','))
    into.ms = milliseconds_of(from.digits());
  return true;
}

} // namespace

std::optional<unix_ms> parse_exif_time(std::string_view text, std::string_view fraction) {
  scanner from{trimmed(text)};
  civil_time t;
  const bool is_date = take(from, 4, t.year) && (from.skip(':') || from.skip('-'))
                       && take(from, 2, t.month) && (from.skip(':') || from.skip('-'))
                       && take(from, 2, t.day);
  if (!is_date || !(from.skip(' ') || from.skip('T')))
    return std::nullopt;
  if (!take(from, 2, t.hour) || !from.skip(':') || !take(from, 2, t.minute) || !from.skip(':')
      || !take(from, 2, t.second) || !from.rest().empty())
    return std::nullopt;
  t.ms = milliseconds_of(trimmed(fraction));
  return milliseconds_of(t);
}

std::optional<int> parse_offset(std::string_view text) {
  scanner from{trimmed(text)};
  if (from.rest() == "Z")
    return 0;
  const bool is_west = from.skip('-');
  if (!is_west && !from.skip('+'))
    return std::nullopt;
  int hours = 0;
  int minutes = 0;
  if (!take(from, 2, hours))
    return std::nullopt;
  const bool has_colon = from.skip(':');
  if ((has_colon || !from.rest().empty()) && !take(from, 2, minutes))
    return std::nullopt;
  const int offset = (is_west ? -1 : 1) * (hours * 60 + minutes);
  if (!from.rest().empty() || minutes > 59 || offset < min_offset || offset > max_offset)
    return std::nullopt;
  return offset;
}

std::optional<moment> parse_iso_time(std::string_view text) {
  scanner from{trimmed(text)};
  civil_time t;
  if (!take(from, 4, t.year))
    return std::nullopt;
  if (from.skip('-') && !take(from, 2, t.month))
    return std::nullopt;
  if (from.skip('-') && !take(from, 2, t.day))
    return std::nullopt;
  std::optional<int> offset;
  if (from.skip('T') || from.skip(' ')) {
    if (!take_clock(from, t))
      return std::nullopt;
    offset = parse_offset(from.rest());
    if (!offset && !from.rest().empty())
      return std::nullopt;
  } else if (!from.rest().empty()) {
    return std::nullopt;
  }
  const auto local = milliseconds_of(t);
  return local ? std::optional{moment_of(*local, offset)} : std::nullopt;
}

std::optional<int> offset_by_gps(unix_ms local, unix_ms utc) {
  constexpr unix_ms grid_minutes = 15;
  constexpr unix_ms grid = grid_minutes * ms_per_minute;
  const auto apart = local - utc;
  const auto steps = (apart + (apart < 0 ? -grid / 2 : grid / 2)) / grid;
  const auto minutes = steps * grid_minutes;
  if (std::abs(apart - steps * grid) > ms_per_minute || minutes < min_offset
      || minutes > max_offset)
    return std::nullopt;
  return static_cast<int>(minutes);
}

moment moment_of(unix_ms local, std::optional<int> offset_minutes) {
  return {local - offset_minutes.value_or(0) * ms_per_minute, offset_minutes};
}

} // namespace mediad::media
