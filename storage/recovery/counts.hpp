#pragma once

#include <cstddef>

namespace mediad::storage {

/// What a start found to do before it was ready.
struct recovery_counts {
  std::size_t cut_short = 0;     ///< Records that were still receiving.
  std::size_t leftovers = 0;     ///< Files and folders of the server's own that no record knows.
  std::size_t names_removed = 0; ///< Files in the store and in people's folders that no row knows.
  std::size_t names_made = 0;    ///< Names in people's folders that were missing.
  std::size_t renamed = 0;       ///< Folders of people whose renaming was cut short.
};

/// Writes one line about @p counts: a warning if anything was found.
void log_counts(const recovery_counts& counts);

} // namespace mediad::storage
