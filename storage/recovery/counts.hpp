#pragma once

#include <cstddef>

namespace mediad::storage {

/// What a start found to do.
struct recovery_counts {
  std::size_t cut_short = 0;     ///< Records that were still receiving.
  std::size_t leftovers = 0;     ///< Files and folders of the server's own that no record knows.
  std::size_t links_removed = 0; ///< Links that were removed from people's folders.
  std::size_t links_made = 0;
  std::size_t renamed = 0; ///< Folders of people whose renaming was cut short.
  std::size_t missing = 0; ///< Stored files that a record promises.
};

/// Writes one line about @p counts and about how many files there are: an error if stored files are
/// missing, a warning if anything else was found.
void log_counts(std::size_t files, const recovery_counts& counts);

} // namespace mediad::storage
