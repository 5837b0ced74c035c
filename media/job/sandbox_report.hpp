#pragma once

#include <string>

namespace mediad::media {

/// Which parts of its sandbox a worker has. The kernel or the system denies it what is missing.
struct sandbox_report {
  bool no_new_privileges = false;
  bool resource_limits = false; ///< Memory, processor time, sizes of files, open files.
  bool seccomp = false;         ///< Only listed system calls; no sockets, no tracing.
  int landlock = 0;             ///< Only listed files; the kernel's version of it, 0: none.
  bool network = false;         ///< A network namespace that leads nowhere.
  bool processes = false;       ///< A process namespace: nothing outlives the worker.

  bool is_complete() const {
    return no_new_privileges && resource_limits && seccomp && landlock > 0 && network && processes;
  }
};

/// The parts that are there, or that are missing, as a list of words: `seccomp, landlock 7`.
std::string describe_parts(const sandbox_report& report);
std::string describe_missing(const sandbox_report& report);

} // namespace mediad::media
