#pragma once

#include "storage/catalog/database.hpp"
#include "storage/recovery/counts.hpp"
#include "storage/tree/folders.hpp"

#include <cstddef>

namespace mediad::storage {

/// The people's folders: removes links of ours that no record knows, makes missing ones again.
/// What is not ours (anything but a regular file of mode 0440) is left alone.
result<> reconcile_links(const database& db, const folders& root, recovery_counts& counts);

} // namespace mediad::storage
