#pragma once

#include "base/error.hpp"
#include "base/event.hpp"
#include "base/file.hpp"
#include "base/record.hpp"
#include "storage/catalog/listing.hpp"
#include "storage/catalog/rows.hpp"
#include "storage/catalog/tiles.hpp"
#include "storage/catalog/usage.hpp"
#include "storage/tree/paths.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mediad::storage {

struct list_query {
  std::string user; ///< Id.
  std::optional<mediad::profile> profile;
  std::optional<status> state;
  std::optional<std::string> folder; ///< Id of the folder they are in; empty: the root folder.
  std::string tag;                   ///< Empty: whatever tags they have.
  std::optional<bool> favourite;
  std::optional<unix_ms> from; ///< The earliest listed_file::date().
  std::optional<unix_ms> to;   ///< The first one that is too late.
  bool trash = false;          ///< Those in the trash; otherwise no list has them.
  list_sort sort = list_sort::created;
  bool ascending = false; ///< The oldest, the smallest, or the name that begins the alphabet first.
  std::size_t limit = 50; ///< 1..500.
  std::string cursor;     ///< list_page::cursor of the page before; empty: from the beginning.
  bool counts = false;    ///< list_page::total is wanted.
};

/// What is in a folder, or anywhere below it: files that have arrived.
struct folder_query {
  std::string user;   ///< Id of the folder's owner.
  std::string folder; ///< Id; that of the user for the root folder.
  bool with_subfolders = false;
  std::optional<mediad::profile> profile{};
  std::optional<status> state{};
  std::size_t limit = 50; ///< 1..500.
  std::string cursor{};   ///< list_page::cursor of the page before; empty: from the newest.
};

struct list_page {
  std::vector<file_record> files;
  std::string
    cursor; ///< Empty: there is no more. A page may hold less than its limit and have one.
  /// All files of the query; nothing if they are more than 10,000, or too many to look through.
  std::optional<std::uint64_t> total;
  /// How many files were looked at, if no index answers the query as a whole.
  std::optional<std::uint64_t> scanned;
};

/// Tags of a user's files, in their order.
struct tag_page {
  std::vector<tag_row> tags;
  std::string cursor; ///< Empty: there is no more.
};

/// What grids show of some files.
struct tile_page {
  std::vector<tile> tiles;
  std::string cursor; ///< Empty: there is no more.
};

/// A folder of a user's.
struct folder {
  folder_row row;
  std::string path; ///< Path from the folder that was asked about: `2026/summer`.
};

/// A folder and those above it, and what a user has been granted in them.
struct folder_line {
  std::vector<folder_row> rows;        ///< The innermost first; at least one.
  std::optional<folder_right> granted; ///< The strongest right in any of them.
  std::size_t shown = 0; ///< So many of them are in the outermost in which something is granted.
};

struct event_range {
  std::uint64_t oldest = 0; ///< 0: none kept.
  std::uint64_t newest = 0; ///< 0: none ever.
};

/// A file that is stored, open for reading.
struct stored_file {
  unique_fd file;
  std::uint64_t bytes = 0; ///< Length.
  unix_ms modified = 0;    ///< When these bytes were made.
};

class database; // storage/catalog/database.hpp: the LMDB environment and its tables
class folders;  // storage/tree/folders.hpp: the tree below the root

/// Reads what is stored, from any thread. Cheap to copy. Each call is one short
/// read-only snapshot; two calls may see two states.
class view {
public:
  /// The mode of a file that is stored: one that is made with it need not be changed on arrival.
  static constexpr unsigned stored_mode = storage::stored_mode;

  view(std::shared_ptr<const database> db, std::shared_ptr<const storage::folders> root);

  /// @returns errc::not_found for an id that is unknown or no id at all.
  result<file_record> find(std::string_view id) const;
  /// The files that match all filters, by an index if one of the filters is enough or none is
  /// there. Otherwise those that match the narrowest filter are looked through, some thousands for
  /// a page. The cursor is a place in the order and no number: what comes or goes before it changes
  /// nothing behind it.
  /// @returns errc::bad_request for a limit or a cursor that is none.
  result<list_page> list(const list_query& query) const;
  /// Looks at the names in all these folders for each page.
  result<list_page> list_in_folder(const folder_query& query) const;
  /// @param cursor  tag_page::cursor of the page before; empty: from the beginning.
  /// @param limit   1..500.
  /// @returns errc::bad_request as list().
  result<tag_page> tags(std::string_view user, std::string_view cursor, std::size_t limit) const;

  /// How many files grids show of each month, the first month first.
  result<std::vector<month_count>> months(std::string_view user) const;
  /// The files of a month, the newest first.
  /// @param cursor  tile_page::cursor of the page before; empty: from the newest.
  /// @param limit   1..100,000.
  /// @returns errc::bad_request for a limit or a cursor that is none.
  result<tile_page> tiles(std::string_view user, const month_range& month, std::string_view cursor,
                          std::size_t limit) const;

  /// Events with a greater number than @p after, in order, at most @p limit.
  result<std::vector<event>> events_after(std::uint64_t after, std::size_t limit) const;
  result<event_range> events() const;

  /// Ids that a restart must take up again: registered or processing, oldest first.
  result<std::vector<std::string>> unfinished() const;

  /// Bytes free for uploads on the store's file system.
  result<std::uint64_t> free_bytes() const;

  /// How far a resumable upload has come, also after it was completed.
  /// @returns errc::not_found for any other.
  result<upload_state> find_upload(std::string_view id) const;

  /// Final uploads whose parts are still to be joined, those that expire first coming first.
  result<std::vector<std::string>> unjoined() const;

  /// The id of the user of that name.
  /// @returns errc::not_found if there is none.
  result<std::string> find_user(std::string_view name) const;

  /// @returns errc::not_found if there is no user of that id.
  result<user_row> find_user_by_id(std::string_view id) const;
  /// All users, in the order in which they were made.
  result<std::vector<user_row>> users() const;
  /// Whether anybody has ever got a password: then every request must show whose it is.
  result<bool> wants_sign_in() const;
  /// @returns errc::not_found for an id that is unknown or no id at all.
  result<credential_row> find_credential(std::string_view id) const;
  /// A user's, the oldest first.
  result<std::vector<credential_row>> credentials(std::string_view user) const;
  /// Those of all users.
  result<std::vector<credential_row>> all_credentials() const;

  /// What people did before the row @p before (empty: the newest), the newest first.
  /// @param at_most  1..500.
  result<std::vector<audit_row>> audit(std::string_view before, std::size_t at_most) const;

  /// @returns errc::not_found for an id that is unknown or no id at all.
  result<share_row> find_share(std::string_view id) const;
  /// A user's, the oldest first.
  result<std::vector<share_row>> shares(std::string_view user) const;

  /// A folder and those above it up to the root folder, the innermost first; at least one.
  /// @returns errc::not_found for an id that is unknown or no id at all.
  result<std::vector<folder_row>> folders_above(std::string_view id) const;
  /// The same with what a user who does not own them has been granted there.
  result<folder_line> folder_line_for(std::string_view id, std::string_view user) const;
  /// Who has been granted something in a folder itself.
  result<std::vector<grant_row>> grants_in(std::string_view folder) const;
  /// What has been granted to a user.
  result<std::vector<grant_row>> grants_to(std::string_view user) const;
  /// The folders below one of a user's, each after the one that it is in.
  /// @param user    an id.
  /// @param below   id of the folder; empty: the root folder.
  /// @param levels  1: those in the folder itself alone.
  result<std::vector<folder>> folders(std::string_view user, std::string_view below = {},
                                      std::size_t levels = SIZE_MAX) const;
  /// The id of what has this name in one of a user's folders, if it is a folder; else empty. Names
  /// that differ in case alone are the same.
  result<std::string> subfolder(std::string_view user, std::string_view parent,
                                std::string_view name) const;

  /// Why a client's name cannot be that of a file or a folder as it is, in words for the client;
  /// null if it can.
  static const char* fault_of_name(std::string_view name);

  /// What came of the request that first used this key; nothing: it is new.
  result<std::optional<key_row>> find_key(std::string_view user, std::string_view key) const;

  /// What a user takes up; all zero if the user has nothing.
  result<usage> find_usage(std::string_view user) const;

  // What is stored of a file. No symlink is followed, and nothing outside the root is reached.
  // Errors: errc::not_found if the record names no such file, or if it was deleted a moment ago;
  // internal if the file is not regular or has another length than the record says.
  result<stored_file> open_original(const file_record& record) const;
  result<stored_file> open_original(std::string_view sha256, std::uint64_t bytes) const;
  /// A body that arrives, or has arrived and is not registered, as far as it is there.
  result<unique_fd> open_staged(std::string_view id) const;
  result<stored_file> open_preview(const file_record& record) const;
  result<stored_file> open_rendition(const file_record& record, const made_file& made) const;
  /// The archive's own file, without the bytes of record.splices.
  result<stored_file> open_archive(const file_record& record) const;
  /// The file whose bytes belong into the archive at @p inserted, one of record.splices.
  result<stored_file> open_spliced(const file_record& record, const splice& inserted) const;

  /// Whether bytes are stored under this digest.
  result<bool> has_bytes(std::string_view sha256) const;
  /// Whether what is stored under the digest of an upload that has arrived differs from the
  /// upload's own bytes in staging, or cannot be read: then the disk has damaged it. Reads both
  /// whole: blocks.
  /// @returns errc::not_found if there is nothing in staging.
  result<bool> is_damaged(std::string_view sha256, std::string_view staged_id) const;

  // Where a worker puts what it makes, and where bodies arrive. Absolute; whether they exist is the
  // record's business. Empty for an id or a digest that cannot be one, so that nothing from outside
  // ever becomes a path.
  std::filesystem::path staging_path(std::string_view id) const;
  std::filesystem::path staging_folder() const;
  std::filesystem::path work_dir(std::string_view id, std::uint32_t attempt) const;

private:
  std::shared_ptr<const database> db_;
  std::shared_ptr<const storage::folders> root_;
};

} // namespace mediad::storage
