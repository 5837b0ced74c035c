#pragma once

#include "base/error.hpp"
#include "storage/folders.hpp"

#include <string>
#include <vector>

namespace mediad::storage {

/// One thing to sync: a file's data, or a folder's names.
struct sync_request {
  int fd = -1;
  bool data_only = false; ///< fdatasync instead of fsync.
  std::string called;     ///< For the error.
};

/// Syncs all of them, several at once: each sync ends in a flush of the disk's cache, and the
/// flushes of syncs that run together are one.
/// @returns the first failure. It must not be retried: the kernel has forgotten the lost pages.
result<> sync_all(const std::vector<sync_request>& all);

/// Everything on the file system that has @p folder, whoever wrote it: one commit of the file
/// system's own journal for thousands of files and their folders. It may take long where others
/// write much, so nobody should wait for it.
result<> sync_file_system(const folders& root, const std::string& folder);

} // namespace mediad::storage
