#pragma once

#include "base/error.hpp"
#include "storage/catalog/database.hpp"
#include "storage/restore/summary.hpp"
#include "storage/restore/survey.hpp"
#include "storage/tree/folders.hpp"

namespace mediad::storage {

/// Brings the records of an older database to what is on the disk. A name that no record has gets
/// one, `registered` and not identified, under its former id if that can be found out; a record
/// whose bytes have got another name follows them; one whose bytes are gone is removed. Numbers of
/// events leap ahead of all that clients may have seen.
/// @param found  names that have got a record are marked as known.
result<> adopt(database& db, const folders& root, survey& found, restore_summary& summary);

} // namespace mediad::storage
