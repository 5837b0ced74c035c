#pragma once

#include "base/error.hpp"
#include "storage/tree/folders.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace mediad::storage {

/// One folder's verdict, as start-up and `mediad doctor` report it.
struct folder_report {
  std::filesystem::path folder;
  std::string problem; ///< Empty: it exists, is a directory, is writable, is where links can reach.
};

/// Creates what is missing of the user, store and system roots and all their sub folders, with
/// every shard, and syncs what it made. Touches nothing that exists.
/// @returns an error that names the folder that could not be made, or what is in its place.
result<> create_layout(const std::filesystem::path& root);

/// The four folders of a user, and in each of them the folder @p path with those above it.
/// @param user  the user's name.
/// @param path  of one of the user's folders, from the root folder; empty: the root folder.
result<> create_user_folders(const folders& root, std::string_view user,
                             std::string_view path = {});

// Each checks one root and all its sub folders: exists, is a directory (no symlink), takes and
// gives up a file, and, since files are moved and hard-linked between them, is on the store's file
// system. Leaves nothing behind. Shards are reported only when something is wrong with them.
std::vector<folder_report> check_user_root(const std::filesystem::path& root);
std::vector<folder_report> check_store_root(const std::filesystem::path& root);
std::vector<folder_report> check_system_root(const std::filesystem::path& root);

/// All three, as one sentence that names every broken folder; success if there is none.
result<> check_layout(const std::filesystem::path& root);

} // namespace mediad::storage
