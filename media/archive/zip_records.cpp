#include "media/archive/zip_records.hpp"

#include <chrono>
#include <concepts>
#include <limits>

namespace mediad::media {
namespace {

constexpr std::uint16_t in_wide_field_16 = 0xFFFF;     // sections 4.4.21 and 4.4.22
constexpr std::uint32_t in_wide_field_32 = 0xFFFFFFFF; // sections 4.4.8, 4.4.9, 4.4.16

constexpr std::uint16_t deflate_version = 20;          // section 4.4.3.2
constexpr std::uint16_t zip64_version = 45;            // the same
constexpr std::uint16_t made_on_unix = 3U << 8U;       // section 4.4.2.2
constexpr std::uint16_t names_are_utf8 = 1U << 11U;    // section 4.4.4, bit 11
constexpr std::uint16_t midnight = 0;                  // section 4.4.6
constexpr std::uint16_t first_of_1980 = 1U << 5U | 1U; // the first date that it knows
constexpr std::uint32_t regular_file_0644 = 0100644U
                                            << 16U; // section 4.4.15, as Unix tools have it
constexpr std::uint16_t zip64_field = 0x0001;       // section 4.5.3
constexpr std::uint16_t date_field = 0x5455;        // section 4.6.1; Info-ZIP's `UT`

/// Little-endian numbers one after the other (section 4.4.1.1).
class record {
public:
  template <std::unsigned_integral Number>
  record& put(Number number) {
    for (std::size_t i = 0; i < sizeof number; ++i)
      bytes_.push_back(static_cast<char>(std::uint64_t{number} >> (8U * i) & 0xFFU));
    return *this;
  }
  record& put(const std::string& text) {
    bytes_ += text;
    return *this;
  }
  std::uint16_t length_16() const {
    return static_cast<std::uint16_t>(bytes_.size());
  }
  std::string take() && {
    return std::move(bytes_);
  }

private:
  std::string bytes_;
};

std::uint16_t u16(std::size_t n) {
  return static_cast<std::uint16_t>(n);
}

std::uint32_t length_field(std::uint64_t length, bool wide) {
  return wide ? in_wide_field_32 : static_cast<std::uint32_t>(length);
}

std::uint16_t version_for(bool zip64) {
  return zip64 ? zip64_version : deflate_version;
}

struct dos_date {
  std::uint16_t time = midnight;
  std::uint16_t date = first_of_1980;
};

// Section 4.4.6: to two seconds, from 1980 to 2107, of no time zone. It is UTC here; those who read
// date_field() know the exact time.
dos_date dos_date_of(std::int64_t seconds) {
  using namespace std::chrono;
  const sys_seconds at{std::chrono::seconds{seconds}};
  const auto day = floor<days>(at);
  const year_month_day date{day};
  const hh_mm_ss time{at - day};
  const int year = int{date.year()} - 1980;
  if (year < 0 || year > 127)
    return {};
  return {u16(static_cast<std::size_t>(time.hours().count() << 11 | time.minutes().count() << 5
                                       | time.seconds().count() / 2)),
          u16(static_cast<std::size_t>(year) << 9U | unsigned{date.month()} << 5U
              | unsigned{date.day()})};
}

// When the member was modified, to the second; empty if that is not known or does not fit.
std::string date_field_of(const zip_entry& entry) {
  constexpr std::uint8_t modification_alone = 1;
  using limits = std::numeric_limits<std::int32_t>;
  if (entry.modified == 0 || entry.modified < limits::min() || entry.modified > limits::max())
    return {};
  record field;
  field.put(date_field)
    .put(std::uint16_t{5})
    .put(modification_alone)
    .put(static_cast<std::uint32_t>(entry.modified));
  return std::move(field).take();
}

// The fields that local and central headers have in common, from the version on.
void put_common(record& out, const zip_entry& entry, std::uint16_t version) {
  const auto modified = entry.modified == 0 ? dos_date{} : dos_date_of(entry.modified);
  out.put(version)
    .put(names_are_utf8)
    .put(static_cast<std::uint16_t>(entry.method))
    .put(modified.time)
    .put(modified.date)
    .put(entry.crc)
    .put(length_field(entry.packed, entry.wide_lengths))
    .put(length_field(entry.size, entry.wide_lengths))
    .put(u16(entry.name.size()));
}

// Section 4.5.3: the fields in this order, each only if the header's own says so.
std::string wide_fields(const zip_entry& entry, bool with_offset) {
  record fields;
  if (entry.wide_lengths)
    fields.put(entry.size).put(entry.packed);
  if (with_offset)
    fields.put(entry.at);
  const auto length = fields.length_16();
  if (length == 0)
    return {};
  record field;
  field.put(zip64_field).put(length).put(std::move(fields).take());
  return std::move(field).take();
}

std::string central_header(const zip_entry& entry) {
  const bool wide_offset = entry.at >= in_wide_field_32;
  const auto extra = wide_fields(entry, wide_offset) + date_field_of(entry);
  const auto version = version_for(entry.wide_lengths || wide_offset);
  record r;
  r.put(std::uint32_t{0x02014b50}).put(u16(made_on_unix | zip64_version));
  put_common(r, entry, version);
  r.put(u16(extra.size()))
    .put(u16(0)) // no comment
    .put(u16(0)) // the number of its disk: there is one
    .put(u16(0)) // internal attributes: none
    .put(regular_file_0644)
    .put(wide_offset ? in_wide_field_32 : static_cast<std::uint32_t>(entry.at))
    .put(entry.name)
    .put(extra);
  return std::move(r).take();
}

// Sections 4.3.14 and 4.3.15.
void put_zip64_end(record& out, std::uint64_t entries, std::uint64_t at, std::uint64_t length) {
  constexpr std::uint64_t rest_of_record = 44;
  out.put(std::uint32_t{0x06064b50})
    .put(rest_of_record)
    .put(u16(made_on_unix | zip64_version))
    .put(zip64_version)
    .put(std::uint32_t{0})
    .put(std::uint32_t{0})
    .put(entries)
    .put(entries)
    .put(length)
    .put(at);
  out.put(std::uint32_t{0x07064b50}).put(std::uint32_t{0}).put(at + length).put(std::uint32_t{1});
}

} // namespace

bool needs_wide_lengths(std::uint64_t size, std::uint64_t packed) {
  return size >= in_wide_field_32 || packed >= in_wide_field_32;
}

std::string local_header(const zip_entry& e) {
  const auto extra = wide_fields(e, false) + date_field_of(e);
  record r;
  r.put(std::uint32_t{0x04034b50});
  put_common(r, e, version_for(e.wide_lengths));
  r.put(u16(extra.size())).put(e.name).put(extra);
  return std::move(r).take();
}

std::string central_directory(const std::vector<zip_entry>& entries, std::uint64_t at) {
  std::string headers;
  for (const auto& e : entries)
    headers += central_header(e);
  const std::uint64_t length = headers.size();
  const std::uint64_t count = entries.size();
  record end;
  if (count >= in_wide_field_16 || at >= in_wide_field_32 || length >= in_wide_field_32)
    put_zip64_end(end, count, at, length);
  const auto count_16 = count >= in_wide_field_16 ? in_wide_field_16 : u16(count);
  end
    .put(std::uint32_t{0x06054b50}) // section 4.3.16
    .put(u16(0))
    .put(u16(0))
    .put(count_16)
    .put(count_16)
    .put(length_field(length, length >= in_wide_field_32))
    .put(length_field(at, at >= in_wide_field_32))
    .put(u16(0));
  return headers + std::move(end).take();
}

} // namespace mediad::media
