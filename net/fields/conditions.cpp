#include "net/fields/conditions.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <utility>

namespace mediad::net::fields {
namespace {

// True if the list of entity tags names @p etag; "*" names whatever exists. A weak tag matches only
// where weak comparison is asked for (RFC 9110 section 8.8.3.2). Ours are strong.
bool names(std::string_view list, std::string_view etag, bool weakly) {
  if (list == "*")
    return true;
  while (!list.empty()) {
    list.remove_prefix(std::min(list.find_first_not_of(" \t,"), list.size()));
    const bool weak = list.substr(0, 2) == "W/";
    if (weak)
      list.remove_prefix(2);
    if (list.empty() || list.front() != '"')
      return false;
    const auto end = list.find('"', 1);
    if (end == std::string_view::npos)
      return false;
    if (list.substr(0, end + 1) == etag && (weakly || !weak))
      return true;
    list.remove_prefix(end + 1);
  }
  return false;
}

unix_ms whole_second(unix_ms t) {
  return t - t % 1000;
}

// An unreadable date is no condition at all.
bool modified_after(const std::optional<std::string>& field, const representation& have,
                    bool if_unreadable) {
  const auto date = parse_http_date(*field);
  return date ? whole_second(have.modified) > *date : if_unreadable;
}

bool precondition_holds(const conditions& request, const representation& have) {
  if (request.if_match)
    return names(*request.if_match, have.etag, false);
  return !request.if_unmodified_since || !modified_after(request.if_unmodified_since, have, false);
}

bool is_new_to_client(const conditions& request, const representation& have) {
  if (request.if_none_match)
    return !names(*request.if_none_match, have.etag, true);
  return !request.if_modified_since || modified_after(request.if_modified_since, have, true);
}

bool range_applies(const conditions& request, const representation& have) {
  if (!request.if_range)
    return true;
  const auto& validator = *request.if_range;
  if (validator.starts_with('"') || validator.starts_with("W/"))
    return validator == have.etag;
  const auto date = parse_http_date(validator);
  return have.modified_is_strong && date && *date == whole_second(have.modified);
}

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

} // namespace

std::optional<unix_ms> parse_http_date(std::string_view text) {
  using namespace std::chrono;
  constexpr std::size_t longest = 33; // "Wednesday, 09-Sep-26 23:59:59 GMT"
  if (text.size() > longest)
    return std::nullopt;
  parts p;
  if (!read_parts(std::string{text}, p))
    return std::nullopt;
  const year_month_day date{year{p.year}, month{month_of(p.month.data())}, day{p.day}};
  if (!date.ok() || p.hour > 23 || p.minute > 59 || p.second > 60) // 60: a leap second
    return std::nullopt;
  const auto instant = sys_days{date} + hours{p.hour} + minutes{p.minute} + seconds{p.second};
  return duration_cast<milliseconds>(instant.time_since_epoch()).count();
}

selection select(const conditions& request, const representation& have, bool is_get) {
  selection chosen;
  if (!precondition_holds(request, have)) {
    chosen.answer = verdict::mismatch;
  } else if (!is_new_to_client(request, have)) {
    chosen.answer = verdict::not_modified;
  } else if (is_get && request.range && range_applies(request, have)) {
    if (auto ranges = parse_range(*request.range, have.size)) {
      chosen.answer = ranges->empty() ? verdict::unsatisfiable : verdict::part;
      chosen.ranges = std::move(*ranges);
    }
  }
  return chosen;
}

} // namespace mediad::net::fields
