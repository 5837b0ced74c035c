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
/// the own folders, unless the caller's credential is for one folder alone. What a caller may not
/// see is not found.
namespace mediad::net {

/// A folder as a caller sees it: from the caller's own root, which is the root folder of the user,
/// or the folder that the caller's credential is for.
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
