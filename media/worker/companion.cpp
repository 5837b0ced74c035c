#include "media/worker/companion.hpp"

#include "base/log.hpp"
#include "media/worker/sandbox/namespaces.hpp"

#include <cerrno>
#include <csignal>
#include <sys/prctl.h>
#include <unistd.h>

namespace mediad::media {
namespace {

// Room for the input and the output of one job. A larger document is converted in a folder on disk.
constexpr std::uint64_t max_folder_bytes = 512U << 20U;

// Never returns: executes the program, or exits if that fails.
[[noreturn]] void be_companion(const worker_settings& options, const job_module& jobs,
                               const sandbox::confinement& sandbox, int folder) {
  constexpr int cannot_start = 127; // as a shell says it
  if (auto entered = sandbox.enter_as_companion(folder); !entered) {
    log::error("worker", entered.error());
    ::_exit(cannot_start);
  }
  jobs.companion->exec(options);
  ::_exit(cannot_start);
}

} // namespace

unique_fd start_companion(const worker_settings& options, const job_module& jobs,
                          const sandbox::confinement& sandbox) {
  if (jobs.companion == nullptr || !jobs.companion->is_wanted(options)
      || !sandbox.report().processes || !sandbox::enter_process_namespace())
    return {};
  // enter_process_namespace() has forked, and a fork does not inherit this.
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
    return {};
  auto folder = sandbox::mount_empty_tmp(max_folder_bytes);
  if (!folder) {
    log::warning("worker", "no companion: " + folder.error().detail);
    return {};
  }
  const auto child = ::fork();
  if (child == 0)
    be_companion(options, jobs, sandbox, folder->get());
  // Even if there is no companion: the folders of jobs may lie in the true /tmp.
  const auto left = sandbox::leave_tmp();
  if (child < 0 || !left) {
    log::warning("worker", "no companion: " + (left ? "fork" : left.error().detail));
    return {};
  }
  jobs.companion->wait_ready(options, folder->get());
  return std::move(*folder);
}

} // namespace mediad::media
