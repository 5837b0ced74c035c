#pragma once

#include "storage/catalog/database.hpp"
#include "storage/recovery/counts.hpp"
#include "storage/tree/folders.hpp"
#include "storage/tree/step_notes.hpp"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace mediad::storage {

/// Checks, before a database is made for the first time, that the store is empty: the next
/// inspection would take all that is in it for leftovers.
/// @returns errc::conflict if there is no database but something in the store.
result<> refuse_store_without_database(const folders& root);

/// What a start has to look at before it is ready.
struct first_look {
  recovery_counts counts;
  /// Paths that the last server may have left in disorder: for one mending.
  std::vector<std::string> paths;
  /// Names in staging that stay: uploads that can be resumed.
  std::set<std::string> resumable;
  /// Nothing says that this is the database of the last server, or that it noted its steps: all
  /// must be compared before anything is changed.
  bool is_strange = false;
};

/// Brings database and folder tree together again after whatever ended the last run, as far as that
/// run can have left them apart: drops records that were still `receiving`, makes good the names of
/// files that have only just arrived, and finishes or takes back renamings. It takes the time of
/// what was under way, not of what is stored.
/// @param noted  what the last server noted; nothing: it did not.
/// @returns errc::conflict if so many blobs are unknown that the database must be an older one.
result<first_look> reconcile(database& db, const folders& root,
                             const std::optional<noted_steps>& noted);

/// Empties staging but for what can be resumed, work and trash. Comes after the mending, as what is
/// there says what is to be mended.
result<> empty_system(const folders& root, first_look& found);

} // namespace mediad::storage
