#pragma once

#include "base/error.hpp"

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace mediad::media::office {

/// A program to run to its end.
struct program_run {
  std::string program;                ///< An absolute path, or a name to look up in PATH.
  std::vector<std::string> arguments; ///< Without the program's own name.
  std::filesystem::path home;         ///< Absolute folder: its HOME, its TMPDIR, and where it runs.
  std::filesystem::path messages;     ///< File that takes its standard error.
  std::chrono::milliseconds timeout{}; ///< It limits processor time: see time_budget.
};

/// Runs @p what with a small environment, without input and without any other descriptor of ours,
/// and waits. Whatever it started is gone when this returns, or inside a sandbox when the job ends:
/// nothing outlives its deadline.
///
/// The program stays in our process group, so that it is killed with the worker's group.
/// To find those of its children that have lost their parent, this process becomes a subreaper
/// (prctl(2)): it must have no children of its own meanwhile.
/// @returns errc::timeout; errc::internal if it cannot be started; errc::storage_io. The program's
///   exit status is not looked at: LibreOffice's says nothing.
result<> run_program(const program_run& what);

/// Becomes @p what, in the same surroundings; its timeout is not looked at. Returns only if that
/// cannot be.
void exec_program(const program_run& what);

} // namespace mediad::media::office
