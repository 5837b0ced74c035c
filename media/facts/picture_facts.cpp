#include "media/facts/picture_facts.hpp"

#include "media/bytes/exif.hpp"
#include "media/bytes/tiff_bytes.hpp"
#include "media/facts/clean_text.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace mediad::media {
namespace {

constexpr unsigned rational_type = 5;
constexpr unsigned signed_rational_type = 10;

/// Reads the values of entries.
class value_reader {
public:
  explicit value_reader(std::span<const std::uint8_t> bytes) : tiff_{bytes} {}

  const tiff_bytes& tiff() const {
    return tiff_;
  }
  /// A value of ASCII, of UTF-8 or of bytes, up to its first NUL.
  std::string text(const tiff_entry& entry) const {
    constexpr std::uint32_t max_bytes = 1024;
    const auto count = std::min(entry.count, max_bytes);
    const auto bytes = tiff_.part(place_of(entry, 1), count);
    const auto end = std::find(bytes.begin(), bytes.end(), std::uint8_t{0});
    return {bytes.begin(), end};
  }
  /// The first value of SHORT or LONG.
  std::uint32_t number(const tiff_entry& entry) const {
    if (entry.type == tiff_bytes::short_type)
      return tiff_.u16(place_of(entry, 2));
    return entry.type == tiff_bytes::long_type ? tiff_.u32(place_of(entry, 4)) : 0;
  }
  /// Value @p index of RATIONAL; not a number if it is none.
  double rational(const tiff_entry& entry, std::size_t index = 0) const {
    constexpr std::size_t bytes = 8;
    if (index >= entry.count || (entry.type != rational_type && entry.type != signed_rational_type))
      return std::numeric_limits<double>::quiet_NaN();
    const auto at = tiff_.u32(entry.value_at) + index * bytes;
    const auto over = tiff_.u32(at);
    const auto under = tiff_.u32(at + 4);
    if (under == 0)
      return std::numeric_limits<double>::quiet_NaN();
    if (entry.type == rational_type)
      return static_cast<double>(over) / under;
    return static_cast<double>(static_cast<std::int32_t>(over)) / static_cast<std::int32_t>(under);
  }

private:
  // Where the first of the entry's values is, each of @p bytes.
  std::size_t place_of(const tiff_entry& entry, std::size_t bytes) const {
    return entry.count <= 4 / bytes ? entry.value_at : tiff_.u32(entry.value_at);
  }

  tiff_bytes tiff_;
};

/// A local time with what stands beside it in fields of their own.
struct noted_time {
  std::string time;
  std::string fraction;
  std::string offset;
};

/// What the directories say, as it stands there.
struct exif_notes {
  file_facts found;
  noted_time original;
  noted_time digitized;
  std::optional<unix_ms> gps_time;
  std::span<const std::uint8_t> xmp;
};

// Offsets of the other directories; 0: there is none.
struct directories {
  std::size_t photo = 0;
  std::size_t gps = 0;
};

// Tags of all three directories: CIPA DC-008 (Exif 3.0), 4.6.4 to 4.6.6.

directories read_main(const value_reader& from, std::size_t at, exif_notes& into) {
  directories more;
  from.tiff().each_entry(at, [&](const tiff_entry& entry) {
    auto& found = into.found;
    switch (entry.tag) {
    case 0x010E: found.title = from.text(entry); break; // ImageDescription
    case 0x010F: found.make = from.text(entry); break;
    case 0x0110: found.model = from.text(entry); break;
    case 0x013B: found.author = from.text(entry); break; // Artist
    case 0x02BC:                                         // XMP (ISO 16684-3, 1.1.5)
      into.xmp = from.tiff().part(from.tiff().u32(entry.value_at), entry.count);
      break;
    case 0x8769: more.photo = from.tiff().u32(entry.value_at); break;
    case 0x8825: more.gps = from.tiff().u32(entry.value_at); break;
    default: break;
    }
  });
  return more;
}

void read_photo(const value_reader& from, std::size_t at, exif_notes& into) {
  from.tiff().each_entry(at, [&](const tiff_entry& entry) {
    auto& set = into.found.exposure;
    switch (entry.tag) {
    case 0x829A: set.time_s = from.rational(entry); break;
    case 0x829D: set.f_number = from.rational(entry); break;
    case 0x8827: set.iso = from.number(entry); break;
    case 0x8833: // ISOSpeed, of which the other holds no more than a SHORT
      if (const auto speed = from.number(entry); speed != 0)
        set.iso = speed;
      break;
    case 0x9003: into.original.time = from.text(entry); break;
    case 0x9004: into.digitized.time = from.text(entry); break;
    case 0x9011: into.original.offset = from.text(entry); break;
    case 0x9012: into.digitized.offset = from.text(entry); break;
    case 0x9291: into.original.fraction = from.text(entry); break;
    case 0x9292: into.digitized.fraction = from.text(entry); break;
    case 0x920A: set.focal_length_mm = from.rational(entry); break;
    case 0xA405: set.focal_length_35mm = from.number(entry); break;
    case 0xA434: into.found.lens = from.text(entry); break; // LensModel
    default: break;
    }
  });
}

/// A latitude or a longitude: three numbers, and a letter for the side of the globe.
struct noted_angle {
  double degrees = std::numeric_limits<double>::quiet_NaN();
  char side = 0;

  double by(char positive, char negative) const {
    if (side == positive)
      return degrees;
    return side == negative ? -degrees : std::numeric_limits<double>::quiet_NaN();
  }
};

// Hours, minutes and seconds, or degrees; of 60 each. Not a number if one of them is none.
double sum_of(const value_reader& from, const tiff_entry& entry) {
  constexpr double parts = 60;
  return from.rational(entry, 0) + from.rational(entry, 1) / parts
         + from.rational(entry, 2) / (parts * parts);
}

char letter_of(const value_reader& from, const tiff_entry& entry) {
  const auto text = from.text(entry);
  return text.empty() ? '\0' : text.front();
}

std::optional<unix_ms> gps_time(std::string_view date, double hours) {
  constexpr double ms_per_hour = 3'600'000;
  constexpr double hours_per_day = 24;
  const auto midnight = parse_exif_time(std::string{trimmed(date)} + " 00:00:00");
  if (!midnight || !(hours >= 0 && hours < hours_per_day))
    return std::nullopt;
  return *midnight + std::llround(hours * ms_per_hour);
}

void read_gps(const value_reader& from, std::size_t at, exif_notes& into) {
  noted_angle latitude;
  noted_angle longitude;
  double hours = std::numeric_limits<double>::quiet_NaN();
  std::string date;
  from.tiff().each_entry(at, [&](const tiff_entry& entry) {
    switch (entry.tag) {
    case 1: latitude.side = letter_of(from, entry); break;
    case 2: latitude.degrees = sum_of(from, entry); break;
    case 3: longitude.side = letter_of(from, entry); break;
    case 4: longitude.degrees = sum_of(from, entry); break;
    case 7: hours = sum_of(from, entry); break;
    case 0x1D: date = from.text(entry); break;
    default: break;
    }
  });
  into.found.place = position{latitude.by('N', 'S'), longitude.by('E', 'W')};
  into.gps_time = gps_time(date, hours);
}

std::optional<moment> moment_by(const noted_time& noted, std::optional<unix_ms> gps) {
  const auto local = parse_exif_time(noted.time, noted.fraction);
  if (!local)
    return std::nullopt;
  auto offset = parse_offset(noted.offset);
  if (!offset && gps)
    offset = offset_by_gps(*local, *gps);
  return moment_of(*local, offset);
}

exif_notes read_notes(std::span<const std::uint8_t> exif) {
  const value_reader from{tiff_of_exif(exif)};
  exif_notes notes;
  // Not the number that follows: makers of cameras have put others there.
  const auto order = from.tiff().u8(0);
  constexpr unsigned big_tiff = 43; // its offsets have 64 bits
  if ((order != 'I' && order != 'M') || from.tiff().u8(1) != order
      || from.tiff().u16(2) == big_tiff)
    return notes;
  const auto first = from.tiff().u32(4);
  const auto more = read_main(from, first, notes);
  read_photo(from, first, notes); // where TIFF/EP (ISO 12234-2) has these
  if (more.photo != 0)
    read_photo(from, more.photo, notes);
  if (more.gps != 0)
    read_gps(from, more.gps, notes);
  notes.found.taken = moment_by(notes.original, notes.gps_time);
  if (!notes.found.taken)
    notes.found.taken = moment_by(notes.digitized, std::nullopt);
  notes.found = checked(std::move(notes.found));
  return notes;
}

file_facts together(file_facts by_exif, const file_facts& by_xmp) {
  if (!by_xmp.title.empty())
    by_exif.title = by_xmp.title;
  if (!by_xmp.author.empty())
    by_exif.author = by_xmp.author;
  by_exif.fill_from(by_xmp);
  return by_exif;
}

} // namespace

file_facts exif_facts(std::span<const std::uint8_t> exif) {
  auto notes = read_notes(exif);
  if (notes.xmp.empty())
    return std::move(notes.found);
  return together(std::move(notes.found),
                  xmp_facts({reinterpret_cast<const char*>(notes.xmp.data()), notes.xmp.size()}));
}

file_facts picture_facts(std::span<const std::uint8_t> exif, std::string_view xmp) {
  auto found = exif_facts(exif);
  if (xmp.empty())
    return found;
  return together(std::move(found), xmp_facts(xmp));
}

} // namespace mediad::media
