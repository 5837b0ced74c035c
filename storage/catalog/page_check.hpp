#pragma once

#include "base/error.hpp"

#include <lmdb.h>

#include <filesystem>

namespace mediad::storage::lmdb {

/// Whether all that a database refers to lies within its file. LMDB maps the file into memory, so
/// that a page behind the end of a file that was cut short would kill the process with SIGBUS.
/// A file may rightly end before its last page if that page was freed within the transaction that
/// made it: LMDB does not write it then. So a short file is read once, whole, by a child process.
/// @param env  open, and read by no transaction yet.
/// @returns errc::storage_io, with a sentence, if the file lacks pages.
result<> check_pages(MDB_env* env, const std::filesystem::path& dir);

/// Reads all of the database in @p dir, which no process writes, in a child process: what is
/// damaged there may end the process that reads it.
/// @pre this process has no environment open there.
/// @returns errc::storage_io, with a sentence, if it cannot be read to its end.
result<> check_whole(const std::filesystem::path& dir);

} // namespace mediad::storage::lmdb
