#pragma once

#include "base/error.hpp"
#include "base/file.hpp"

#include <string>
#include <utility>

namespace mediad {

/// A name in a folder that its owner keeps open: what a writer is given instead of a path.
struct folder_entry {
  int folder = -1;
  std::string name; ///< Not empty, without a slash.

  /// openat(2) with O_CLOEXEC and O_NOFOLLOW: a link of that name is an error.
  /// @returns errc::bad_request for a name that leads out of the folder; else as open_file().
  result<unique_fd> open(int flags, unsigned mode = 0640) const;
  /// Removes the file, if there is one. Best effort: the folder goes with its attempt.
  void remove() const;
};

/// A folder that its owner keeps open for a job to write in.
class opened_folder {
public:
  explicit opened_folder(int descriptor) : fd_{descriptor} {}

  folder_entry operator/(std::string name) const {
    return {fd_, std::move(name)};
  }

private:
  int fd_;
};

} // namespace mediad
