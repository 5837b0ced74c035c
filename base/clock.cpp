#include "base/clock.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>

namespace mediad {
namespace {

std::tm utc(std::time_t seconds) {
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  return parts;
}

} // namespace

unix_ms now_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

std::int64_t second_of(unix_ms t) {
  return t >= 0 ? t / 1000 : (t - 999) / 1000;
}

std::string to_rfc3339(unix_ms t) {
  const auto parts = utc(second_of(t));
  std::array<char, 40> text{};
  const auto n = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  std::array<char, 8> fraction{};
  static_cast<void>(std::snprintf(fraction.data(), fraction.size(), ".%03dZ",
                                  static_cast<int>(t - second_of(t) * 1000)));
  return std::string{text.data(), n} + fraction.data();
}

unix_ms parse_rfc3339(const std::string& text) {
  std::tm parts{};
  int millis = 0;
  char zone = 0;
  const int fields =
    std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d.%3d%c", &parts.tm_year, &parts.tm_mon,
                &parts.tm_mday, &parts.tm_hour, &parts.tm_min, &parts.tm_sec, &millis, &zone);
  if (fields != 8 || zone != 'Z')
    return 0;
  parts.tm_year -= 1900;
  parts.tm_mon -= 1;
  const auto t = static_cast<unix_ms>(timegm(&parts)) * 1000 + millis;
  // sscanf and timegm are generous (one digit, a 13th month); the form is not.
  return to_rfc3339(t) == text ? t : 0;
}

std::string to_http_date(unix_ms t) {
  const auto parts = utc(second_of(t));
  std::array<char, 40> text{};
  const auto n = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return {text.data(), n};
}

} // namespace mediad
