#pragma once

#include "base/record.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// Where everything lies below the root: the one place that knows.
namespace mediad::storage {

/// A name in a folder; the folder is relative to the root, without a slash at its end.
struct place {
  std::string folder;
  std::string name;

  std::string path() const {
    return folder + "/" + name;
  }
  bool operator==(const place&) const = default;
};

/// The inverse of place::path(); an empty folder and name for a path without a slash.
place place_of(std::string_view path);

/// Takes what is before the next slash, and the slash, off the front of @p path.
std::string_view take_step(std::string_view& path);

inline constexpr unsigned folder_mode = 0750;
/// What the store holds never changes, and people's folders show the very same inodes.
inline constexpr unsigned stored_mode = 0440;
inline constexpr unsigned shard_count = 256;

inline constexpr std::array<std::string_view, 4> user_folders{"originals", "previews", "renditions",
                                                              "archives"};
inline constexpr std::array<std::string_view, 4> store_folders{"blobs", "previews", "renditions",
                                                               "archives"};
inline constexpr std::array<std::string_view, 6> system_folders{"db",         "staging", "work",
                                                                "quarantine", "trash",   "logs"};

/// The two hex digits of shard @p number, 0..255.
std::string shard_name(unsigned number);

/// The shard of a file: the low byte of its ULID's random bits. @pre is_ulid(id)
unsigned shard_of_id(std::string_view id);

// The store and the system's own. @pre is_ulid(id), is_sha256(sha256), is_made_name(name)
inline constexpr const char* staging_folder = "system/staging";
inline constexpr const char* work_folder =
  "system/work"; ///< Attempts' folders, notes of renamings.
place staging_place(std::string_view id);
place work_place(std::string_view id, std::uint32_t attempt);
place blob_place(std::string_view sha256);
place preview_place(std::string_view id);
place renditions_place(std::string_view id); ///< A folder.
place archive_place(std::string_view id);

/// Levels of folders below a user's root folder, and limit of a folder's path there: with a user's
/// folder in front and two names behind it must stay below PATH_MAX.
inline constexpr std::size_t max_folder_depth = 50;
inline constexpr std::size_t max_folder_path_bytes = 3'000;
/// Levels that a walk through people's folders goes down: they may have made folders of their own
/// within each other without end.
inline constexpr std::size_t max_visited_depth = 64;

/// What a file's name is made into in `previews` and `archives`. A folder of such a name would take
/// the place of a file's, so no folder and file have such names at once.
inline constexpr std::string_view preview_suffix = ".webp";
inline constexpr std::string_view archive_suffix = ".zip";

// What a person sees: links under the unique name that the file has in its folder. Each of the four
// user_folders has the same tree of folders below it.
/// @param user  the user's name.
/// @param path  of one of the user's folders, from the root folder; empty: the root folder.
std::string user_folder(std::string_view user, std::string_view kind, std::string_view path = {});
/// Whether a person sees the file there: not while it arrives, nor in the trash.
bool has_names(const file_record& r);
place original_link(const file_record& r);
place preview_link(const file_record& r);
place renditions_link(const file_record& r); ///< A folder.
place archive_link(const file_record& r);

} // namespace mediad::storage
