#pragma once

#include "storage/restore/survey.hpp"
#include "storage/tree/folders.hpp"

#include <array>
#include <string>
#include <sys/types.h>
#include <vector>

namespace mediad::storage {

/// The ids that files had: what is made of a file is stored under its id, and linked in its user's
/// folders under its name; a file that has only just arrived has its id as a second name, in
/// staging. So clients find the file where it was.
class former_ids {
public:
  /// Looks at all that is made of files.
  static result<former_ids> read(const folders& root);

  /// @returns an empty text if nothing that was made of the file is there.
  std::string find(const found_name& name) const;

private:
  struct made {
    ino_t inode = 0;
    std::array<char, 26> id{};
  };

  explicit former_ids(const folders& root) : root_{root} {}
  void add(const place& where, const std::string& id);
  result<> read_shard(unsigned shard);
  std::string id_of(const place& shown) const;

  const folders& root_;
  std::vector<made> made_; ///< In the order of their inodes.
};

} // namespace mediad::storage
