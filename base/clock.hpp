#pragma once

#include <cstdint>
#include <string>

namespace mediad {

/// Wall-clock milliseconds since 1970-01-01T00:00:00Z.
using unix_ms = std::int64_t;

unix_ms now_ms();

/// A limit of processor time ends at so many times as long by the clock, too: on a busy machine the
/// clock says little about the work, but what sleeps must end as well.
inline constexpr int clock_share = 10;

/// The second that @p t is in, since 1970; negative before it.
std::int64_t second_of(unix_ms t);

/// RFC 3339 in UTC with milliseconds: `2026-11-22T16:04:05.123Z`.
std::string to_rfc3339(unix_ms t);

/// The inverse of to_rfc3339 for exactly that form; 0 for any other text.
unix_ms parse_rfc3339(const std::string& text);

/// IMF-fixdate of RFC 9110 section 5.6.7, as `Last-Modified` wants it; sub-seconds are dropped.
std::string to_http_date(unix_ms t);

} // namespace mediad
