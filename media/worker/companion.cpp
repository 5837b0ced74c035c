#include "media/worker/companion.hpp"

#include "base/log.hpp"
#include "media/worker/sandbox/namespaces.hpp"

#include <cerrno>
#include <csignal>
#include <sys/prctl.h>
#include <unistd.h>

namespace mediad::media {
namespace {

// Of what it reads and what it makes; more is a matter for a job that has a folder on disk.
constexpr std::uint64_t most_folder_bytes = 512U << 20U;

// Ends only by becoming the program, or by failing to.
[[noreturn]] void be_companion(const settings& options, const job_module& jobs,
                               const sandbox& around, int folder) {
  constexpr int cannot_start = 127; // as a shell says it
  if (auto entered = around.enter_as_companion(folder); !entered) {
    log::error("worker", entered.error());
    ::_exit(cannot_start);
  }
  jobs.companion->become(options);
  ::_exit(cannot_start);
}

} // namespace

unique_fd start_companion(const settings& options, const job_module& jobs, const sandbox& around) {
  if (jobs.companion == nullptr || !jobs.companion->is_wanted(options) || !around.report().processes
      || !enter_process_namespace())
    return {};
  // That call has forked.
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
    return {};
  auto folder = mount_empty_tmp(most_folder_bytes);
  if (!folder) {
    log::warning("worker", "no companion: " + folder.error().detail);
    return {};
  }
  const auto child = ::fork();
  if (child == 0)
    be_companion(options, jobs, around, folder->get());
  // In any case: jobs must find their own folders, which may lie in the true /tmp.
  const auto left = leave_tmp();
  if (child < 0 || !left) {
    log::warning("worker", "no companion: " + (left ? "fork" : left.error().detail));
    return {};
  }
  jobs.companion->meet(options, folder->get());
  return std::move(*folder);
}

} // namespace mediad::media
