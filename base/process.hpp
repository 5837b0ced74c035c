#pragma once

#include "base/error.hpp"
#include "base/file.hpp"

#include <filesystem>
#include <optional>
#include <spawn.h>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace mediad {

/// A pidfd of the process @p pid (pidfd_open(2)): poll(2) reports it readable once the process has
/// ended, and it never means a later process of the same number.
result<unique_fd> open_pidfd(pid_t pid);

/// A process that this one has started and owns: with its owner's end it is killed, and waited for.
class child_process {
public:
  explicit child_process(pid_t pid) : pid_{pid} {}
  child_process(child_process&& other) noexcept : pid_{std::exchange(other.pid_, -1)} {}
  child_process& operator=(child_process&& other) noexcept {
    std::swap(pid_, other.pid_);
    return *this;
  }
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;
  ~child_process();

  /// Its exit status, or 128 and the signal that ended it; nothing while it runs. Does not block.
  std::optional<int> ended();

private:
  pid_t pid_; ///< -1: there is none any more.
};

/// What the exec family takes: pointers into @p words, which must outlive them, and a null pointer.
std::vector<char*> pointers_to(std::vector<std::string>& words);

/// How a program starts: its descriptors, its folder, its signals. Owns the two option objects of
/// posix_spawn(3). Steps on descriptors are taken in the order of the calls. The first member that
/// fails decides: spawn() returns its error.
class spawn_options {
public:
  spawn_options();
  spawn_options(const spawn_options&) = delete;
  spawn_options& operator=(const spawn_options&) = delete;
  ~spawn_options();

  /// The program's descriptor @p number is a copy of @p fd: ours, or one it was given before.
  void give(int fd, int number);
  /// The program's descriptor @p number is @p file, opened with @p flags (open(2)).
  void open(int number, const std::filesystem::path& file, int flags, mode_t mode = 0);
  /// The program has no descriptors from @p first on.
  void close_from(int first);
  /// The program runs in @p folder.
  void run_in(const std::filesystem::path& folder);
  /// The program leads a process group of its own.
  void lead_group();
  /// No signal is blocked, whichever this thread blocks.
  void unblock_signals();
  /// No signal is ignored, whichever this process ignores.
  void reset_signals();

  /// Starts @p command: a path or a name to look up in PATH, then its arguments.
  /// @param environment `NAME=value` each.
  /// @returns its process, which the caller must wait for; errc::internal if it cannot be started.
  result<pid_t> spawn(std::vector<std::string> command, std::vector<std::string> environment);
  /// The same with the environment of this process.
  result<pid_t> spawn(std::vector<std::string> command);

private:
  void note(int error_number);
  void add_flag(short flag);
  result<pid_t> spawn(std::vector<std::string>& command, char** environment);

  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
  short flags_ = 0;
  int error_number_ = 0; ///< errno of the first step that failed.
};

} // namespace mediad
