#pragma once

#include "base/error.hpp"
#include "base/record.hpp"
#include "storage/catalog/listing.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// What a grid of many files needs of each: the rows of the tables `tiles` and `months`, which
/// follow from the records.
namespace mediad::storage {

/// One file in a grid, before its record is read.
struct tile {
  std::string id;           ///< In the key; not in the value.
  std::uint32_t width = 0;  ///< Pixels of the preview; 0: there is none.
  std::uint32_t height = 0; ///< Likewise.
  std::string thumbhash;    ///< As in preview_file.
  mediad::profile profile = mediad::profile::other;
  std::uint64_t duration_ms = 0; ///< Of a video or a sound; 0: not known.
  std::string folder;            ///< Id; empty: the root folder.
  std::string unknown{};

  static tile of(const file_record& r);
};
std::string encode(const tile& t);
result<tile> parse_tile(std::string_view id, std::string_view value);

/// Whether grids show the file: not while it arrives, and not in the trash.
bool has_tile(const listed_file& file);
/// Tiles of one user stand together, and by date.
std::string tile_key(std::string_view user, unix_ms date, std::string_view id);

/// The month of a date in UTC: `2026-11`. Dates before the year 1000 or after 9999 count as the
/// first or the last month of these.
std::string month_of(unix_ms date);
/// How many files of a user grids show of a month.
struct month_count {
  std::string month; ///< As month_of() writes it.
  std::uint64_t files = 0;
};

/// When a month begins, and when the next one does.
struct month_range {
  unix_ms from = 0;
  unix_ms to = 0;
};
/// @returns nothing unless @p month is as month_of() writes it.
std::optional<month_range> parse_month(std::string_view month);

} // namespace mediad::storage
