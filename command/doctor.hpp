#pragma once

#include "config/settings.hpp"

namespace mediad::command {

/// Reports whether the server can do its work here: folders, permissions, database, tools, free
/// space; then sends one small file of every profile through a system of its own in a temporary
/// folder. Compares what is stored with the disk, and heals what it can; changes nothing else that
/// is there. Works beside a running server.
/// @param verifies  reads all stored bytes, too.
/// @returns exit_ok if every check passed and nothing is lost, else exit_failed.
int doctor(const config::settings& s, bool verifies);

} // namespace mediad::command
