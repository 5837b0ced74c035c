#pragma once

#include "command/report.hpp"
#include "config/settings.hpp"

namespace mediad::command {

/// Starts a whole system of its own under a temporary folder in the configured root, sends every
/// sample through it by real HTTP, follows it by WebSocket, and checks what came of each.
/// @param s  `storage.root` is absolute.
void rehearse(const config::settings& s, report& r);

} // namespace mediad::command
