#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "storage/tree/folders.hpp"

#include <cstdint>
#include <string>
#include <sys/types.h>
#include <vector>

/// What is on the disk, without a database that knows it.
namespace mediad::storage {

/// A name in a person's folder of originals that is the server's: the mode of the file says so.
struct found_name {
  std::string user; ///< The user's name.
  std::string path; ///< Path of the folder from the user's root folder; empty: that one.
  std::string name;
  std::string sha256;
  std::uint64_t bytes = 0;
  unix_ms born_at = 0;     ///< When its bytes arrived, as the file system says it.
  unix_ms modified_at = 0; ///< The file's own date, which it was given on arrival; 0: none.
  std::string former_id;   ///< Id that its record had; empty: not known. See former_ids.
  bool is_known = false;   ///< A record has this name by now.
};

/// A folder of a person's that is the server's: it is in all four of storage::user_folders.
struct found_folder {
  std::string user;
  std::string path;
};

/// A file in `store/blobs`.
struct found_blob {
  ino_t inode = 0;
  place where;
};

struct survey {
  std::vector<found_blob> blobs; ///< In the order of their inodes.
  std::vector<found_name> names;
  std::vector<found_folder> folders; ///< Each after the one that it is in.
  std::vector<place> unreadable;     ///< Names whose bytes cannot be read.
};

/// Looks at all blobs and at all names. Bytes that only a name is left of become a blob again;
/// those are read, as are all whose name is no hard link; no other bytes are read.
result<survey> survey_disk(const folders& root);

} // namespace mediad::storage
