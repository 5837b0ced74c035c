#pragma once

#include "storage/catalog/database.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

/// Brings a database from the schema of an earlier release to the current one.
namespace mediad::storage {

/// Builds a database of the current schema beside the old one, which is only read, and puts it in
/// its place (database::build): killed at any point, one or the other is there and whole. Tells the
/// log and the service manager how far it is.
/// @param between_reports  how long it says nothing, at least, after it has told how far it is.
/// @pre the writer's lock is held.
/// @returns storage_full if there is not enough room; the old database is untouched then, as after
///          any error.
result<> migrate(const settings& s, const schema_found& found,
                 std::chrono::milliseconds between_reports = std::chrono::seconds{1});

/// What migrate() would do.
struct migration_plan {
  std::size_t rows = 0;
  std::uint64_t needed_bytes = 0; ///< Room that it takes beside the database, at most.
  std::uint64_t free_bytes = 0;
};

/// Reads and converts every row as migrate() does, and writes nothing. It may run beside a
/// server of the release before.
/// @returns the error that migrate() would stop with, but for a lack of room.
result<migration_plan> rehearse_migration(const settings& s, const schema_found& found);

} // namespace mediad::storage
