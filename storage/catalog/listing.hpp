#pragma once

#include "base/error.hpp"
#include "base/record.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// How lists of files are found: for each file the table `lists` has a key for each facet that it
/// shows and each order that lists have. A key is user ‖ facet ‖ order ‖ position, and a position
/// is what the order compares, then the file's id. All of it follows from the records.
namespace mediad::storage {

/// What lists may be sorted by. The letter stands in the keys.
enum class list_sort : char {
  created = 'c', ///< By the ids, which begin with the time.
  name = 'n',    ///< As folded_name() compares names.
  size = 's',
  taken = 't', ///< By listed_file::date().
};

/// What lists need to know of a record.
struct listed_file {
  std::string id;
  std::string user; ///< Id.
  std::string name;
  mediad::profile profile = mediad::profile::other;
  std::uint64_t bytes = 0;
  status state = status::receiving;
  unix_ms created_at = 0;
  bool is_part = false;   ///< Hidden from lists.
  std::string folder;     ///< Id; empty: the root folder.
  unix_ms deleted_at = 0; ///< 0: it is not in the trash.
  unix_ms taken_at = 0;   ///< 0: not known.
  std::vector<std::string> tags;
  bool favourite = false;
  std::string unknown; ///< All other fields of the record.

  static listed_file of(const file_record& r);

  /// When it was taken, or if that is not known, when its record was made.
  unix_ms date() const {
    return taken_at != 0 ? taken_at : created_at;
  }
};

/// Reads what lists need of a record as encode() made it.
/// @returns errc::internal for anything else.
result<listed_file> parse_listed(std::string_view id, std::string_view value);

/// A tag that files of a user have.
struct tag_row {
  std::string name;        ///< As the first of them has it.
  std::uint64_t files = 0; ///< How many have it, never 0 in the table.
  std::string unknown{};
};
std::string encode(const tag_row& t);
result<tag_row> parse_tag(std::string_view value);

/// How far a pass has come that makes all lists anew.
struct relisting_row {
  std::uint64_t seq = 0; ///< Number of the newest event when it began.
  std::string after;     ///< Id of the last file that is listed; empty: none is.
  std::string unknown{};
};
std::string encode(const relisting_row& r);
result<relisting_row> parse_relisting(std::string_view value);

/// What makes two tags the same, as names of files: in a key.
std::string folded_tag(std::string_view tag);

// Facets.
inline constexpr std::string_view facet_of_all = "a";
inline constexpr std::string_view facet_of_favourites = "v";
/// What is in the trash has this facet alone.
inline constexpr std::string_view facet_of_trash = "d";
std::string facet_of(profile p);
/// One for all files that are unfinished: `receiving`, `registered` and `processing` change often.
std::string facet_of(status s);
bool has_own_facet(status s);
/// @param folder  an id; empty: the root folder.
std::string facet_of_folder(std::string_view user, std::string_view folder);
std::string facet_of_tag(std::string_view tag);

/// What the keys of one list begin with.
std::string list_prefix(std::string_view user, std::string_view facet, list_sort by);
/// What follows the prefix in a key of the file.
std::string list_position(const listed_file& file, list_sort by);
/// What a position by date begins with: eight bytes that sort as the dates do.
std::string position_of_date(unix_ms date);
/// Whether @p text may be a position in a list.
bool is_list_position(std::string_view text, list_sort by);
/// The file's id at the end of a key or a position.
std::string_view id_of_position(std::string_view key);

/// All keys of a file, in their order; none if lists hide it.
std::vector<std::string> list_keys(const listed_file& file);

} // namespace mediad::storage
