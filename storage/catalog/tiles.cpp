#include "storage/catalog/tiles.hpp"

#include "base/clock.hpp"
#include "base/shallow_json.hpp"
#include "storage/catalog/rows.hpp"
#include "storage/catalog/tags.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace mediad::storage {
namespace {

constexpr unix_ms first_date = -30'610'224'000'000; // 1000-01-01T00:00:00Z
constexpr unix_ms last_date = 253'402'300'799'999;  // 9999-12-31T23:59:59.999Z

/// Milliseconds, as far as the facts tell.
std::uint64_t duration_of(const file_record& record) {
  if (record.profile != profile::video && record.profile != profile::audio)
    return 0;
  constexpr double max_seconds = 1e9;
  const auto facts = parse_shallow_object(record.media);
  if (!facts.is_object() || !facts.contains("duration") || !facts["duration"].is_number())
    return 0;
  const auto seconds = facts["duration"].get<double>();
  if (!(seconds > 0) || seconds > max_seconds)
    return 0;
  return static_cast<std::uint64_t>(std::llround(seconds * 1'000));
}

unix_ms begin_of(int year, int month) {
  auto text = std::to_string(year) + '-';
  text += std::to_string(100 + month).substr(1);
  return parse_rfc3339(text + "-01T00:00:00.000Z");
}

} // namespace

// One describe() for each struct, as in rows.cpp.

template <class Fields>
void describe(Fields& f, tile& t) {
  f(tile_tag::width, t.width, 0U);
  f(tile_tag::height, t.height, 0U);
  f(tile_tag::thumbhash, t.thumbhash);
  f(tile_tag::profile, t.profile);
  f(tile_tag::duration, t.duration_ms, std::uint64_t{0});
  f(tile_tag::folder, t.folder);
}

tile tile::of(const file_record& record) {
  tile t;
  t.id = record.id;
  if (record.preview.exists()) {
    t.width = record.preview.file.width;
    t.height = record.preview.file.height;
    t.thumbhash = record.preview.thumbhash;
  }
  t.profile = record.profile;
  t.duration_ms = duration_of(record);
  t.folder = record.folder;
  return t;
}

std::string encode(const tile& t) {
  return to_value(t);
}

result<tile> parse_tile(std::string_view id, std::string_view value) {
  return from_value_of<tile>(id, value, "tiles");
}

bool has_tile(const listed_file& file) {
  return !file.is_part && file.deleted_at == 0 && file.state != status::receiving;
}

std::string tile_key(std::string_view user, unix_ms date, std::string_view id) {
  return std::string{user}.append(position_of_date(date)).append(id);
}

std::string month_of(unix_ms date) {
  constexpr std::size_t length = 7; // 2026-11
  return to_rfc3339(std::clamp(date, first_date, last_date)).substr(0, length);
}

std::optional<month_range> parse_month(std::string_view month) {
  const auto is_digit = [](char c) {
    return c >= '0' && c <= '9';
  };
  if (month.size() != 7 || month[4] != '-' || !is_digit(month[5]) || !is_digit(month[6])
      || !std::all_of(month.begin(), month.begin() + 4, is_digit))
    return std::nullopt;
  const auto year = std::stoi(std::string{month.substr(0, 4)});
  const auto number = std::stoi(std::string{month.substr(5)});
  if (year < 1'000 || number < 1 || number > 12)
    return std::nullopt;
  month_range range;
  range.from = begin_of(year, number);
  range.to = last_date + 1;
  if (year < 9999 || number < 12)
    range.to = number == 12 ? begin_of(year + 1, 1) : begin_of(year, number + 1);
  return range;
}

} // namespace mediad::storage
