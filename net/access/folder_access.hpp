#pragma once

#include "base/error.hpp"
#include "base/folder_right.hpp"
#include "base/user_folder.hpp"
#include "net/access/caller.hpp"
#include "storage/view.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// The one place that says what a caller may do in a folder, and so with the files in it: all in
/// the own folders, unless the caller's credential is for one folder alone, and in those of other
/// users what these have granted. What a caller may not see is not found.
namespace mediad::net {

/// A folder as a caller sees it: from the caller's own root, which is the root folder of the user,
/// or the folder that the caller's credential is for. Of another user it is seen from the outermost
/// folder in which the caller has been granted something, whose name begins the path.
struct seen_folder {
  folder_row row;   ///< Without a parent if that is the caller's root, or if the caller may not see
                    ///< it.
  std::string path; ///< Path from there; empty for the caller's root itself.
  folder_right may = folder_right::view; ///< What the caller may do in it.
};

/// Whether a caller may do @p wanted in a folder.
/// @param owner   id of the user whose folder it is.
/// @param folder  empty: the root folder of that user.
/// @returns errc::not_found if not, and if there is no such folder; the errors of the view.
result<> check_folder(const storage::view& stored, const caller& asker, std::string_view owner,
                      std::string_view folder, folder_right wanted);

/// A folder in which the caller may do @p wanted.
/// @returns errc::not_found for an unknown id and for any other folder; the errors of the view.
result<seen_folder> find_folder(const storage::view& stored, const caller& asker,
                                std::string_view id, folder_right wanted);

/// The names in a path such as `2026/summer`; a slash in front and one behind do not count.
/// @returns errc::bad_request for a path without names, or with an empty one between two slashes.
result<std::vector<std::string>> names_of_path(std::string_view path);

/// The folder that a client names by its id, or by a path from the caller's root.
/// @returns as find_folder(); errc::bad_request as of names_of_path().
result<seen_folder> find_named_folder(const storage::view& stored, const caller& asker,
                                      std::string_view named, folder_right wanted);

/// Whether a folder is there, and the user's: what a credential is for may be gone.
/// @param id  empty: the root folder.
/// @returns errc::not_found if not; the errors of the view.
result<> check_folder_is_there(const storage::view& stored, std::string_view user,
                               std::string_view id);

/// A folder that the caller may rename, move or remove: that takes the right to edit what is in the
/// one above it.
/// @returns as find_folder().
result<seen_folder> find_folder_to_change(const storage::view& stored, const caller& asker,
                                          std::string_view id);

/// The folders that the caller sees.
/// @param below   one of them, in which to look; null: the caller's root.
/// @param levels  1: those in it alone.
result<std::vector<seen_folder>> folders_below(const storage::view& stored, const caller& asker,
                                               const seen_folder* below,
                                               std::size_t levels = SIZE_MAX);

} // namespace mediad::net
