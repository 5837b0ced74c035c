#pragma once

#include "storage/catalog/database.hpp"
#include "storage/tree/folders.hpp"

#include <set>
#include <string>
#include <vector>

namespace mediad::storage {

/// What becomes of the records that were still receiving: those that can be resumed are kept if all
/// that was acknowledged of them is in staging; the others were never answered and are dropped.
/// @returns the ids of those that are kept.
result<std::set<std::string>> reconcile_uploads(database& db, const folders& root,
                                                const std::vector<std::string>& receiving);

/// Counts what every user takes up, and when each request key was first used, if the tables of that
/// are not there yet. They are kept in the same transactions as what they count, so no crash can
/// part them; an inspection compares them.
result<> complete_tables(database& db);

} // namespace mediad::storage
