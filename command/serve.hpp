#pragma once

#include "config/settings.hpp"

namespace mediad::command {

/// Runs the server until SIGTERM or SIGINT.
/// @returns exit_ok after an ordered stop, exit_failed if it could not start or a part died that
///          everything rests on: nothing is certain then but what a restart reads from disk.
int serve(const config::settings& s);

} // namespace mediad::command
