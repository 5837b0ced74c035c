#pragma once

#include "base/clock.hpp"

#include <optional>
#include <string_view>

/// When something was taken, as files write it. Time zones follow four rules, in this order:
///
/// 1. An offset that stands with the time counts: `OffsetTimeOriginal` of Exif (CIPA DC-008, tag
///    0x9011), that of an ISO 8601 time in XMP or in `com.apple.quicktime.creationdate`, the `Z` of
///    a time that is in UTC by its format (`creation_time` of MP4 and Matroska).
/// 2. Else the time of the GPS receiver, which is in UTC, tells it: see offset_by_gps().
/// 3. Else, if a picture says the same local time in Exif and in XMP, the offset in XMP counts (see
///    file_facts::fill_from).
/// 4. Else nobody knows the offset: the local time is taken as if it were UTC, and the facts say
///    `"zone":null`.
namespace mediad::media {

/// A point of time with the offset of the place where it was noted.
struct moment {
  unix_ms at = 0; ///< UTC; the local time as if it were UTC if the offset is not known.
  std::optional<int> offset_minutes{}; ///< East of UTC, -720..840.

  bool operator==(const moment&) const = default;
};

/// `2024:05:01 12:34:56`, as Exif writes a local time, in milliseconds as if it were UTC.
/// @param fraction digits of a second that stand in a field of their own; anything else is 0.
/// @returns nothing for another form, a date that does not exist, or a year outside 1800..2200.
std::optional<unix_ms> parse_exif_time(std::string_view text, std::string_view fraction = {});

/// `+02:00`, `-0330`, `+02` or `Z`, in minutes east of UTC.
/// @returns nothing for another form, or outside -12:00..+14:00.
std::optional<int> parse_offset(std::string_view text);

/// A date or a time by ISO 8601 in the forms of XMP (ISO 16684-1, 8.2.1.2): `2024`, `2024-05`,
/// `2024-05-01`, `2024-05-01T12:34`, with seconds, a fraction, and an offset as parse_offset()
/// reads it. A date alone is midnight of its first day.
/// @returns nothing for another form, a date that does not exist, or a year outside 1800..2200.
std::optional<moment> parse_iso_time(std::string_view text);

/// The offset of a place, from its local time and the time of GPS there and then: the difference if
/// it is within one minute of a multiple of 15 minutes, as all offsets in use are, and in
/// -12:00..+14:00. A receiver that has lost its satellites says an old time, and so nothing here.
std::optional<int> offset_by_gps(unix_ms local, unix_ms utc);

/// @p local in the zone of @p offset_minutes.
moment moment_of(unix_ms local, std::optional<int> offset_minutes);

} // namespace mediad::media
