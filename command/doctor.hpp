#pragma once

#include "config/settings.hpp"

namespace mediad::command {

/// Reports whether the server can do its work here: folders, permissions, database, tools, free
/// space; then sends one small file of every profile through a system of its own in a temporary
/// folder. Changes nothing that is there; works beside a running server.
/// @returns exit_ok if every check passed, else exit_failed.
int doctor(const config::settings& s);

} // namespace mediad::command
