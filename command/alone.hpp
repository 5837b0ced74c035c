#pragma once

#include "storage/store.hpp"

namespace mediad::command {

/// Opens the store for a command, as the next start would, because no server runs. Nothing is made
/// or changed if another user owns the database: what this one made, the server could not open.
/// @returns errc::conflict, with that user, then; the errors of store::open, among them busy if a
///          server has just started.
result<storage::store> open_alone(const storage::settings& s);

} // namespace mediad::command
