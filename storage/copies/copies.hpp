#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "storage/settings.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

/// Good copies of the database, in `system/copies`: a folder for each, with a `data.mdb` in it.
namespace mediad::storage {

struct database_copy {
  std::string name;    ///< When it was made, in UTC: `20261129T004611Z`.
  unix_ms made_at = 0; ///< The same.
  std::filesystem::path folder;
};

/// A time as the name of a copy: without what a shell, or a program that copies, might mistake.
std::string name_of_copy(unix_ms made_at);

/// The time that the name of a copy says; 0: it is no such name.
unix_ms time_of_copy(std::string_view name);

/// All copies below @p root, the oldest first.
result<std::vector<database_copy>> find_copies(const std::filesystem::path& root);

/// Makes a copy of one moment, beside a running server as well: no writer waits for it. It is made
/// beside the others, synced, read whole, and only then gets its name; after that the oldest ones
/// beyond settings::database_copies go. Killed at any point, it leaves the others as they were.
/// @pre this process does not have the database open, and has no other thread.
/// @returns errc::not_found if there is no database; busy if another process makes a copy;
///          storage_full, with a sentence, if less than settings::min_free_bytes would be left.
result<database_copy> make_copy(const settings& s);

/// Reads a copy whole, in a child process.
/// @returns errc::storage_io, with a sentence, if it is damaged.
result<> check_copy(const database_copy& copy);

/// Does @p change, which puts another database in the place of this one and only reads this one,
/// and keeps this one as a copy, as it is. If it cannot be kept, the log says why.
/// @pre the writer's lock is held.
/// @returns what @p change returns.
result<> keep_replaced(const settings& s, const std::function<result<>()>& change);

} // namespace mediad::storage
