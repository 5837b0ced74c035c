#pragma once

#include "config/settings.hpp"

#include <string>

/// `mediad copy` and `mediad restore`: each returns the exit status.
namespace mediad::command {

/// Makes a copy of the database now, and says where; as a running server has it done.
int copy(const config::settings& s);

/// Restores the database from a copy, and says what was found.
/// @param named  the copy's name or folder; empty: the newest.
int restore_copy(const config::settings& s, const std::string& named);

} // namespace mediad::command
