#pragma once

/// The program's sub commands.
namespace mediad::command {

/// Done as asked.
inline constexpr int exit_ok = 0;
/// It was understood and went wrong.
inline constexpr int exit_failed = 1;
/// The command line or the settings were not understood.
inline constexpr int exit_usage = 2;
/// `status`: no server runs. The number is the one of the Linux Standard Base for init scripts.
inline constexpr int exit_not_running = 3;

/// Does what the command line asks, in the foreground.
/// @returns the exit status of the process: one of the above.
int run(int argc, const char* const* argv);

} // namespace mediad::command
