#include "net/fields/dates.hpp"

#include "net/fields/trim.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <string>

namespace mediad::net::fields {
namespace {

unsigned month_of(const char* name) {
  constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  for (unsigned i = 0; i < months.size(); ++i)
    if (months[i] == name)
      return i + 1;
  return 0;
}

// RFC 9110 section 5.6.7: a two-digit year that seems more than 50 years ahead is in the past.
int full_year(int two_digits) {
  const std::chrono::year_month_day today{
    std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now())};
  const int now = static_cast<int>(today.year());
  const int year = now - now % 100 + two_digits;
  return year > now + 50 ? year - 100 : year;
}

struct parts {
  int year = 0;
  std::array<char, 4> month{};
  unsigned day = 0;
  unsigned hour = 0;
  unsigned minute = 0;
  unsigned second = 0;
};

std::optional<unix_ms> ms_of(const parts& p, unsigned month) {
  using namespace std::chrono;
  const year_month_day date{year{p.year}, std::chrono::month{month}, day{p.day}};
  if (!date.ok() || p.hour > 23 || p.minute > 59 || p.second > 60) // 60: a leap second
    return std::nullopt;
  const auto instant = sys_days{date} + hours{p.hour} + minutes{p.minute} + seconds{p.second};
  return duration_cast<milliseconds>(instant.time_since_epoch()).count();
}

// Reads with @p scan, which must consume the text to its end.
template <class Scan>
bool reads_all(const std::string& text, Scan scan) {
  int used = -1;
  return scan(text.c_str(), &used) == 6 && used == static_cast<int>(text.size());
}

bool read_parts(const std::string& text, parts& p) {
  auto* month = p.month.data();
  const auto fixdate = [&](const char* s, int* used) {
    return std::sscanf(s, "%*3[A-Za-z], %2u %3[A-Za-z] %4d %2u:%2u:%2u GMT%n", &p.day, month,
                       &p.year, &p.hour, &p.minute, &p.second, used);
  };
  if (reads_all(text, fixdate))
    return true;
  const auto rfc850 = [&](const char* s, int* used) {
    return std::sscanf(s, "%*9[A-Za-z], %2u-%3[A-Za-z]-%2d %2u:%2u:%2u GMT%n", &p.day, month,
                       &p.year, &p.hour, &p.minute, &p.second, used);
  };
  if (reads_all(text, rfc850)) {
    p.year = full_year(p.year);
    return true;
  }
  const auto asctime = [&](const char* s, int* used) {
    return std::sscanf(s, "%*3[A-Za-z] %3[A-Za-z] %2u %2u:%2u:%2u %4d%n", month, &p.day, &p.hour,
                       &p.minute, &p.second, &p.year, used);
  };
  return reads_all(text, asctime);
}

/// The minutes that a zone is east of UTC: `Z`, `GMT`, `+0100`, `-05:30`.
std::optional<int> minutes_of_zone(std::string_view text) {
  if (text == "Z" || text == "z" || text == "GMT" || text == "UTC")
    return 0;
  const std::string zone{text};
  int hours = 0;
  int minutes = 0;
  int used = -1;
  for (const auto* form : {"%1[+-]%2d:%2d%n", "%1[+-]%2d%2d%n"}) {
    std::array<char, 2> signs{};
    if (std::sscanf(zone.c_str(), form, signs.data(), &hours, &minutes, &used) == 3
        && used == static_cast<int>(zone.size()) && hours < 24 && minutes < 60) {
      return (signs.front() == '-' ? -1 : 1) * (hours * 60 + minutes);
    }
  }
  return std::nullopt;
}

std::optional<unix_ms> in_zone(std::optional<unix_ms> t, std::string_view zone) {
  const auto east = minutes_of_zone(zone);
  return t && east ? std::optional{*t - unix_ms{*east} * 60'000} : std::nullopt;
}

std::optional<unix_ms> from_mail_date(const std::string& text) {
  parts p;
  int used = -1;
  const int read =
    std::sscanf(text.c_str(), "%*3[A-Za-z], %2u %3[A-Za-z] %4d %2u:%2u:%2u %n", &p.day,
                p.month.data(), &p.year, &p.hour, &p.minute, &p.second, &used);
  if (read != 6 || used < 0)
    return std::nullopt;
  return in_zone(ms_of(p, month_of(p.month.data())), std::string_view{text}.substr(used));
}

std::optional<unix_ms> from_rfc3339(const std::string& text) {
  parts p;
  unsigned month = 0;
  int used = -1;
  const int read = std::sscanf(text.c_str(), "%4d-%2u-%2u%*1[Tt ]%2u:%2u:%2u%n", &p.year, &month,
                               &p.day, &p.hour, &p.minute, &p.second, &used);
  if (read != 6 || used < 0)
    return std::nullopt;
  auto zone = std::string_view{text}.substr(static_cast<std::size_t>(used));
  unix_ms ms = 0;
  if (zone.starts_with('.')) {
    zone.remove_prefix(1);
    for (unix_ms worth = 100; !zone.empty() && zone.front() >= '0' && zone.front() <= '9';
         worth /= 10) {
      ms += worth * (zone.front() - '0');
      zone.remove_prefix(1);
    }
  }
  const auto second = in_zone(ms_of(p, month), zone);
  return second ? std::optional{*second + ms} : std::nullopt;
}

constexpr std::size_t longest_date = 64;

/// Nothing if the year has another number of digits, or is before 1900.
std::optional<unix_ms> of_four_digits(std::optional<unix_ms> t) {
  constexpr unix_ms begin_of_1900 = -2'208'988'800'000;
  constexpr unix_ms end_of_9999 = 253'402'300'799'999;
  return t && *t >= begin_of_1900 && *t <= end_of_9999 ? t : std::nullopt;
}

std::optional<unix_ms> from_number(std::string_view text) {
  constexpr double first_of_ms = 1e11;
  double n = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, n, std::chars_format::fixed);
  if (problem != std::errc{} || stop != end || !std::isfinite(n) || std::abs(n) > 1e15)
    return std::nullopt;
  return std::llround(std::abs(n) < first_of_ms ? n * 1000 : n);
}

} // namespace

std::optional<unix_ms> parse_http_date(std::string_view text) {
  constexpr std::size_t longest = 33; // "Wednesday, 09-Sep-26 23:59:59 GMT"
  if (text.size() > longest)
    return std::nullopt;
  parts p;
  if (!read_parts(std::string{text}, p))
    return std::nullopt;
  return ms_of(p, month_of(p.month.data()));
}

std::optional<unix_ms> parse_file_date(std::string_view text) {
  if (text.size() > longest_date)
    return std::nullopt;
  const std::string trimmed{trim(text)};
  auto t = from_number(trimmed);
  if (!t)
    t = parse_http_date(trimmed);
  if (!t)
    t = from_mail_date(trimmed);
  if (!t)
    t = from_rfc3339(trimmed);
  return of_four_digits(t);
}

std::optional<unix_ms> parse_rfc3339(std::string_view text) {
  if (text.size() > longest_date)
    return std::nullopt;
  return of_four_digits(from_rfc3339(std::string{text}));
}

} // namespace mediad::net::fields
