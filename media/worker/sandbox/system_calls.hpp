#pragma once

#include "base/error.hpp"

#include <linux/filter.h>
#include <vector>

namespace mediad::media::sandbox {

/// A seccomp program (seccomp(2)): the list of system calls that a job may use. All others fail
/// with EPERM, which libraries take better than a killed process.
class system_call_filter {
public:
  /// False where the kernel has no filters.
  static bool is_supported();

  /// @param starts_programs allows fork and exec, signals, and UNIX sockets that listen; never a
  ///   connection, a network socket, a namespace, tracing, or another user.
  static result<system_call_filter> compile(bool starts_programs);

  /// Holds from now on for this process and whatever it starts, for good. Needs no_new_privs.
  result<> install() const;

private:
  explicit system_call_filter(std::vector<sock_filter> program) : program_{std::move(program)} {}

  std::vector<sock_filter> program_;
};

} // namespace mediad::media::sandbox
