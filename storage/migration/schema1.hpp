#pragma once

#include "storage/catalog/lmdb.hpp"
#include "storage/catalog/rows.hpp"

#include <string>
#include <string_view>

/// Schema 1, as the releases before this one wrote it: JSON, words between NULs and numbers of
/// fixed length, and users by name (docs/formats.md). It is only read, and never changes.
namespace mediad::storage::schema1 {

// Each gives errc::internal for a damaged row. A user is a name here, and a record has neither the
// name nor the path that are read along with it.
result<file_record> parse_record(std::string_view value);
result<blob> parse_blob(std::string_view value);
result<upload_state> parse_upload(std::string_view value);
result<key_row> parse_key_row(std::string_view value);
result<event> parse_event(std::string_view key, std::string_view value);

/// Number of the newest event ever stored; 0 before the first.
result<std::uint64_t> last_seq(const lmdb::read_txn& txn, MDB_dbi meta);

/// The two halves of `user NUL rest`, the key of `by_user`, `links` and `keys`.
std::string_view user_of(std::string_view key);
std::string_view after_user(std::string_view key);

} // namespace mediad::storage::schema1
