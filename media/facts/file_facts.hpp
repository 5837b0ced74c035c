#pragma once

#include "media/facts/times.hpp"
#include "media/job/facts.hpp"
#include "media/settings.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace mediad::media {

/// Where something was taken, by WGS 84.
struct position {
  double latitude = 0;  ///< Degrees north, -90..90.
  double longitude = 0; ///< Degrees east, -180..180.

  bool operator==(const position&) const = default;
};

/// How a camera was set. A member of 0 is not known.
struct exposure {
  double time_s = 0;            ///< Exposure time, 1e-7..1e6 seconds.
  double f_number = 0;          ///< 0.1..1000.
  std::uint32_t iso = 0;        ///< Sensitivity by ISO 12232, 1..10'000'000.
  double focal_length_mm = 0;   ///< 0.1..100'000.
  double focal_length_35mm = 0; ///< The same for a film of 35 mm, 0.1..100'000.

  bool operator==(const exposure&) const = default;
};

/// What a file says of its own origin. What is not known is empty. Readers give it back checked:
/// every value is in its range, and texts are clean UTF-8 that is trimmed and at most as long as
/// stands here.
struct file_facts {
  std::optional<moment> taken; ///< In the years 1800..2200, and not 1970-01-01T00:00:00Z itself.
  std::string make;            ///< The camera's maker; 128 bytes.
  std::string model;           ///< 128 bytes.
  std::string lens;            ///< 128 bytes.
  mediad::media::exposure exposure;
  std::optional<position> place; ///< Never 0, 0, which cameras write that do not know.
  std::string title;             ///< 512 bytes.
  std::string author;            ///< Several have commas between them; 512 bytes.
  std::string language;          ///< A tag of BCP 47 or ISO 639-2, as the file has it; 35 bytes.

  /// Takes over from @p other what is not known here. If both say the same local time and only
  /// @p other its offset, then that counts.
  void fill_from(const file_facts& other);

  bool operator==(const file_facts&) const = default;
};

/// @p found without what is out of its range.
file_facts checked(file_facts found);

/// Adds to the record's `media` what is known: `taken_at` (RFC 3339, UTC) with `zone` (`+02:00`, or
/// null), `camera` (`make`, `model`), `lens`, `exposure` (`time` in seconds, `f_number`, `iso`,
/// `focal_length` and `focal_length_35mm` in millimetres), `place` (`latitude`, `longitude`;
/// rounded by @p options, null if they hide it), `title`, `author`, `language`.
void add_file_facts(facts& to, const file_facts& found, const facts_options& options);

} // namespace mediad::media
