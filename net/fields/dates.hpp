#pragma once

#include "base/clock.hpp"

#include <optional>
#include <string_view>

/// The dates that clients send.
namespace mediad::net::fields {

/// Any of the three date formats that a server must accept (RFC 9110 section 5.6.7), with exact
/// day and month names; nothing for other text or for a date that does not exist.
std::optional<unix_ms> parse_http_date(std::string_view text);

/// The date of a file as clients say it: an HTTP-date, the same with another zone (RFC 5322 section
/// 3.3, which RFC 2183 has for `modification-date`), RFC 3339 with any fraction and zone, or a
/// number since 1970, with a fraction or without: of seconds, and of milliseconds from
/// 100,000,000,000 on, which is 1973 in milliseconds and 5138 in seconds.
/// @returns nothing for any other text, and for a year that is not 1900..9999.
std::optional<unix_ms> parse_file_date(std::string_view text);

/// A moment as interfaces in JSON write it: RFC 3339 with any fraction and zone, no other form.
/// @returns as parse_file_date().
std::optional<unix_ms> parse_rfc3339(std::string_view text);

} // namespace mediad::net::fields
