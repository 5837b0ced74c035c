#pragma once

#include "storage/catalog/database.hpp"
#include "storage/tree/folders.hpp"

namespace mediad::storage {

/// Checks, before a database is made for the first time, that the store is empty: the next start
/// would take all that is in it for leftovers.
/// @returns errc::conflict if there is no database but something in the store.
result<> refuse_store_without_database(const folders& root);

/// Brings database and folder tree together again after whatever ended the last run: drops
/// records that were still `receiving`; empties staging, work and trash; removes what no record
/// knows from the store and our own links from people's folders; makes missing links again;
/// reports, and never repairs by guessing, stored files that are missing. Logs what it did.
/// @returns errc::conflict if so many blobs are unknown that the database must be an older one.
result<> reconcile(database& db, const folders& root);

} // namespace mediad::storage
