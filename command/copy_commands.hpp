#pragma once

#include "config/settings.hpp"

#include <string>

/// `mediad copy`, `mediad restore` and `mediad index`: each returns the exit status.
namespace mediad::command {

/// Makes a copy of the database now, and says where; as a running server has it done.
int copy(const config::settings& s);

/// Restores the database from a copy, and says what was found.
/// @param named  the copy's name or folder; empty: the newest.
int restore_copy(const config::settings& s, const std::string& named);

/// Makes the lists of all files anew, without a running server.
int make_index(const config::settings& s);

} // namespace mediad::command
