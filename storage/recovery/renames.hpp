#pragma once

#include "storage/catalog/database.hpp"
#include "storage/tree/folders.hpp"

#include <cstddef>
#include <vector>

namespace mediad::storage {

/// Finishes the renamings of people's folders that a killed server had committed, and takes back
/// those that it had not, as their notes in `system/work` say (file_steps::rename_folders). Without
/// this, all links in such a folder would be made anew. Must come before that folder is emptied.
/// @param touched  places that the killed server may have touched: their paths after the renamings
///                 are added.
/// @returns how many folders were renamed.
result<std::size_t> reconcile_renames(const database& db, const folders& root,
                                      std::vector<place>& touched);

} // namespace mediad::storage
