#pragma once

#include "base/error.hpp"
#include "base/file.hpp"
#include "storage/tree/paths.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace mediad::storage {

/// What a name leads to, by lstat(2).
struct file_facts {
  bool is_regular = false;
  bool is_folder = false;
  unsigned mode = 0; ///< The permission bits.
  std::uint64_t bytes = 0;
  std::uint64_t inode = 0;

  /// Whether the server made it (or what it links to): people's own files have other modes.
  bool is_ours() const {
    return is_regular && mode == stored_mode;
  }
};

/// The tree below the root, reached by descriptor only: no symlink within it is ever followed and
/// nothing outside it can be reached (openat2 with RESOLVE_BENEATH and RESOLVE_NO_SYMLINKS), as
/// people write to their folders while we do. The root itself may be a symlink.
class folders {
public:
  static result<folders> open(const std::filesystem::path& root);

  /// Absolute.
  const std::filesystem::path& path() const {
    return path_;
  }

  /// A directory, for *at() calls. errc::not_found if it is missing, storage_io if it is none.
  result<unique_fd> folder(const std::string& relative) const;

  /// A file in it; @p flags as for open(2). Never blocks on a FIFO.
  result<unique_fd> file(const place& where, int flags) const;

  bool exists(const place& where) const;

  /// @returns nothing if there is no such name; any other error means that it is not known.
  result<std::optional<file_facts>> look(const place& where) const;

  /// Makes one folder; one that is there already is as good.
  /// @returns whether it was made now.
  result<bool> make(const place& where) const;

  /// All names in a folder, sorted, without `.` and `..`.
  result<std::vector<std::string>> names(const std::string& relative) const;

  /// Shows @p some all names of a folder in the order of the disk, a few hundred at a time: a
  /// folder may have millions. Names that come or go meanwhile are shown or not.
  result<> list(const std::string& relative,
                const std::function<result<>(std::vector<std::string>)>& some) const;

  /// Gives what is at @p from the name @p to. Not synced.
  /// @returns errc::conflict if something has that name.
  result<> rename(const place& from, const place& to) const;

  /// Removes a file, or a folder with all that is in it, however deep. Nothing there is a success.
  result<> remove(const place& what) const;

private:
  folders(std::filesystem::path path, unique_fd fd) : path_{std::move(path)}, fd_{std::move(fd)} {}
  result<unique_fd> open_below(const std::string& relative, int flags) const;
  result<> empty_folder(const place& what, const std::function<void(place)>& moved) const;

  std::filesystem::path path_;
  unique_fd fd_;
};

} // namespace mediad::storage
