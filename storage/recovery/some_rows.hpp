#pragma once

#include "storage/catalog/database.hpp"

#include <cstddef>
#include <string>

namespace mediad::storage {

/// Visits some rows of a table in a snapshot of their own: one of the whole table would keep LMDB
/// from using again what is freed meanwhile.
/// @param after  where to go on: empty at first; moved on.
/// @param visit  result<>(const lmdb::read_txn&, std::string_view key, std::string_view value).
/// @returns how many rows there were; fewer than @p at_most: these were the last.
template <class Visit>
result<std::size_t> visit_some(const database& db, MDB_dbi table, std::string& after,
                               std::size_t at_most, Visit visit) {
  auto txn = db.read();
  if (!txn)
    return fail(txn.error());
  auto walk = txn->walk(table);
  if (!walk)
    return fail(walk.error());
  std::size_t count = 0;
  auto row = walk->at_or_after(after.empty() ? std::string(1, '\0') : after);
  for (; row && *row && count < at_most; row = walk->next(), ++count) {
    after.assign((*row)->key) += '\0';
    if (auto ok = visit(*txn, (*row)->key, (*row)->value); !ok)
      return fail(ok.error());
  }
  return row ? result<std::size_t>{count} : fail(row.error());
}

} // namespace mediad::storage
