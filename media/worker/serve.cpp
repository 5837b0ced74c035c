#include "media/worker/serve.hpp"

#include "base/log.hpp"
#include "media/worker/perform.hpp"

#include <cerrno>
#include <csignal>
#include <optional>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace mediad::media {
namespace {

// How a job's process ends; any other status is a crash.
constexpr int ended_with_job = 0;
constexpr int ended_with_stream = 10;
constexpr int ended_with_nonsense = 11;

int run_one(int socket, const settings& options, const job_module& jobs, const sandbox& around) {
  // fork(2) does not keep it: a worker that is gone leaves nobody who could use the result.
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
    return ended_with_nonsense;
  auto taken = receive_job(socket);
  if (!taken && taken.error().code == errc::worker_died)
    return ended_with_stream; // the ordinary end: the server has closed its socket
  if (!taken) {
    log::error("worker", taken.error());
    return ended_with_nonsense;
  }
  ::close(socket); // the jobs after this one are none of its business
  const auto entered = around.enter(*taken, jobs.starts_programs(taken->work));
  const auto sent = entered
                      ? perform(taken->work, options, jobs.run, taken->answers.get())
                      : send_packet(taken->answers.get(), encode(from_worker{entered.error()}));
  if (!sent)
    log::debug("worker", sent.error().detail);
  return ended_with_job;
}

result<int> wait_for(pid_t child) {
  int state = 0;
  while (::waitpid(child, &state, 0) < 0)
    if (errno != EINTR)
      return fail_errno(errno, "waitpid");
  if (WIFSIGNALED(state))
    return fail(errc::worker_died, "a job ended by signal " + std::to_string(WTERMSIG(state)));
  return WEXITSTATUS(state);
}

// The first process of a namespace: -1 are all others in it, and no one else.
void end_others() {
  ::kill(-1, SIGKILL);
  while (::waitpid(-1, nullptr, 0) > 0 || errno == EINTR) {
  }
}

} // namespace

result<> serve(int socket, const settings& options, const job_module& jobs, const sandbox& around) {
  const bool owns_processes = around.report().processes && ::getpid() == 1;
  for (;;) {
    const auto child = ::fork();
    if (child < 0)
      return fail_errno(errno, "fork");
    if (child == 0)
      ::_exit(run_one(socket, options, jobs, around)); // no destructor of a library runs in it
    const auto ended = wait_for(child);
    if (owns_processes)
      end_others();
    if (!ended)
      return fail(ended.error());
    if (*ended == ended_with_stream)
      return {};
    if (*ended != ended_with_job)
      return fail(errc::internal, "a job's process ended with " + std::to_string(*ended));
  }
}

} // namespace mediad::media
