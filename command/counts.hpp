#pragma once

#include "base/error.hpp"
#include "storage/store.hpp"

#include <nlohmann/json_fwd.hpp>

namespace mediad::command {

/// What a check-up wants to know of the database; all of it is read:
///
///     {"newest_event":…,"unfinished":…,"unreadable":…,
///      "people":{"wants_sign_in":true,"may_sign_in":…,"admins":…,
///                "tokens":…,"endless_tokens":…}}
///
/// `unreadable` are those of the unfinished files whose records cannot be read.
/// @returns the errors of the view, but no errc::not_found.
result<nlohmann::json> count_stored(const storage::view& stored);

/// The same of the database below the root: from the server that runs there, or if none does, read
/// here. A server of a release that cannot tell is passed over, as a reader does not disturb it.
/// @returns errc::not_found if there is no database yet; conflict if its schema is not ours.
result<nlohmann::json> find_counts(const storage::settings& s);

} // namespace mediad::command
