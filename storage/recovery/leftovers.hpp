#pragma once

#include "storage/catalog/database.hpp"
#include "storage/tree/folders.hpp"

#include <cstddef>
#include <functional>
#include <vector>

namespace mediad::storage {

/// A group of changes that was cut short leaves fewer; a lost or outdated database leaves more.
inline constexpr std::size_t max_leftover_blobs = 1024;

/// Files in the store's blobs that no row knows.
struct unknown_blobs {
  std::size_t count = 0;
  std::vector<place> first; ///< At most max_leftover_blobs of them.
};

/// Compares all blobs with the rows.
/// @param looked  called after each few hundred names; its error ends the search.
result<unknown_blobs> find_unknown_blobs(const database& db, const folders& root,
                                         const std::function<result<>()>& looked);

/// Says that so many blobs are unknown that the database must be an older one.
error outdated(const folders& root, std::size_t unknown);

} // namespace mediad::storage
