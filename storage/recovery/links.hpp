#pragma once

#include "storage/catalog/database.hpp"
#include "storage/tree/folders.hpp"

#include <cstddef>

namespace mediad::storage {

/// What a start found to do.
struct recovery_counts {
  std::size_t cut_short = 0;     ///< Records that were still receiving.
  std::size_t leftovers = 0;     ///< Files and folders of the server's own that no record knows.
  std::size_t links_removed = 0; ///< In people's folders.
  std::size_t links_made = 0;
  std::size_t renamed = 0; ///< Folders of people, whose renaming was cut short.
  std::size_t missing = 0; ///< Stored files that a record promises.
};

/// The people's folders: removes links of ours that no record knows, makes missing ones again.
/// What is not ours (anything but a regular file of mode 0440) is left alone.
result<> reconcile_links(const database& db, const folders& root, recovery_counts& counts);

} // namespace mediad::storage
