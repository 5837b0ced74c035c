#pragma once

#include "base/error.hpp"
#include "base/event.hpp"
#include "base/record.hpp"
#include "storage/catalog/rows.hpp"
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
  std::size_t limit = 50; ///< 1..500.
  std::string cursor;     ///< list_page::cursor of the page before; empty: from the newest.
};

struct list_page {
  std::vector<file_record> files; ///< Newest first.
  std::string
    cursor; ///< Empty: there is no more. A page may hold less than its limit and have one.
};

/// A folder of a user's.
struct folder {
  folder_row row;
  std::string path; ///< From the root folder: `2026/summer`.
};

struct event_range {
  std::uint64_t oldest = 0; ///< 0: none kept.
  std::uint64_t newest = 0; ///< 0: none ever.
};

class database; // storage/catalog/database.hpp: the LMDB environment and its tables

/// Reads what is stored, from any thread. Cheap to copy. Each call is one short
/// read-only snapshot; two calls may see two states.
class view {
public:
  /// The mode of a file that is stored: one that is made with it need not be changed on arrival.
  static constexpr unsigned stored_mode = storage::stored_mode;

  explicit view(std::shared_ptr<const database> db, std::filesystem::path root);

  /// @returns errc::not_found for an id that is unknown or no id at all.
  result<file_record> find(std::string_view id) const;
  result<list_page> list(const list_query& query) const;

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

  /// All folders of a user but the root folder, each after the one that it is in.
  /// @param user  an id.
  result<std::vector<folder>> folders(std::string_view user) const;

  /// What came of the request that first used this key; nothing: it is new.
  result<std::optional<key_row>> find_key(std::string_view user, std::string_view key) const;

  /// What a user takes up; all zero for one who has nothing.
  result<usage> find_usage(std::string_view user) const;

  // Where things are. Absolute; whether they exist is the record's business. Empty for an id, a
  // digest or a name that cannot be one, so that nothing from outside ever becomes a path.
  std::filesystem::path staging_path(std::string_view id) const;
  std::filesystem::path staging_folder() const;
  std::filesystem::path work_dir(std::string_view id, std::uint32_t attempt) const;
  std::filesystem::path original_path(const file_record& record) const;
  std::filesystem::path preview_path(const file_record& record) const;
  std::filesystem::path rendition_path(const file_record& record, std::string_view name) const;
  std::filesystem::path archive_path(const file_record& record) const;

private:
  std::shared_ptr<const database> db_;
  std::filesystem::path root_;
};

} // namespace mediad::storage
