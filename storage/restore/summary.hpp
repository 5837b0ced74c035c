#pragma once

#include "base/clock.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace mediad::storage {

/// What a restore of the database did.
struct restore_summary {
  std::filesystem::path copy;     ///< Folder of the copy.
  unix_ms made_at = 0;            ///< When it was made.
  std::size_t known = 0;          ///< Files that the copy knows, whose bytes and names are there.
  std::size_t adopted = 0;        ///< Files that it does not know: they have a record again.
  std::size_t same_id = 0;        ///< Those of `adopted` that have the id they had.
  std::size_t moved = 0;          ///< Files that have got another name or folder since.
  std::size_t nameless = 0;       ///< Files whose bytes are there, but not their names.
  std::size_t removed = 0;        ///< Records whose bytes are gone: deleted since.
  std::size_t set_aside = 0;      ///< Files that were moved to `system/quarantine`.
  std::size_t unreadable = 0;     ///< Names whose bytes the disk does not give; set aside as well.
  std::uint64_t events_from = 0;  ///< The next event has a greater number.
  std::filesystem::path replaced; ///< The database that was there; empty: there was none.
};

} // namespace mediad::storage
