#pragma once

#include "base/error.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace mediad::storage {

/// One folder's verdict, as start-up and `mediad doctor` report it.
struct folder_report {
  std::filesystem::path folder;
  std::string problem;    ///< Empty: it exists, is a directory, is writable, is where links can reach.
};

/// Creates what is missing of the user, store and system roots and all their sub folders, with
/// every shard, and syncs what it made.
result<> create_layout(const std::filesystem::path& root);

/// The folders of a user: created when the first file of that user arrives.
result<> create_user_folders(const std::filesystem::path& root, std::string_view user);

// Each checks one root and all its sub folders (exists, is a directory, writable, on the same
// file system as the store, since hard links need it), and writes nothing.
std::vector<folder_report> check_user_root(const std::filesystem::path& root);
std::vector<folder_report> check_store_root(const std::filesystem::path& root);
std::vector<folder_report> check_system_root(const std::filesystem::path& root);

} // namespace mediad::storage
