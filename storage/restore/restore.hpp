#pragma once

#include "base/error.hpp"
#include "storage/restore/summary.hpp"
#include "storage/settings.hpp"

#include <string>

namespace mediad::storage {

/// Puts a copy of the database in the place of the one that is there, which is kept beside it. What
/// the copy does not know is not lost: every name in people's folders becomes a record again, and
/// bytes without a name go to `system/quarantine`. A record whose bytes are gone is removed. All
/// that happens to the copy's copy, beside; the exchange is one rename, so that this can be killed
/// at any point and begun anew.
/// @param copy  name of a copy in `system/copies`, or the path of a folder with a `data.mdb`;
///              empty: the newest copy.
/// @pre this process has no other thread.
/// @returns errc::busy if a server runs; not_found, with a sentence, if there is no such copy;
///          storage_io if it is damaged; storage_full. Then the database is as it was.
result<restore_summary> restore_database(const settings& s, const std::string& copy);

} // namespace mediad::storage
