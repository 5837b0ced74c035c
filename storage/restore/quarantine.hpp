#pragma once

#include "base/error.hpp"
#include "storage/catalog/database.hpp"
#include "storage/restore/summary.hpp"
#include "storage/restore/survey.hpp"
#include "storage/tree/folders.hpp"

namespace mediad::storage {

/// Moves to `system/quarantine`, synced, what the next start would remove though it may be all that
/// is left of something: blobs that no record has, names whose bytes cannot be read, bodies in
/// staging of uploads that the database does not know, and notes of renamings that it is not told
/// of.
result<> set_aside(const database& db, const folders& root, const survey& found,
                   restore_summary& summary);

} // namespace mediad::storage
