#include "media/worker/serve.hpp"

#include "base/log.hpp"
#include "base/process.hpp"
#include "media/job/json.hpp"
#include "media/job/packets.hpp"
#include "media/worker/companion.hpp"
#include "media/worker/perform.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
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

// What a job's process writes to its pipe before it touches a byte of the file: whether it may
// start programs.
constexpr char starts_programs = 'p';
constexpr char stays_alone = 'a';

/// What the jobs of one worker share.
struct job_environment {
  int socket;
  const worker_settings& options;
  const job_module& jobs;
  const sandbox::confinement& confinement;
};

/// The process of one job.
struct job_process {
  pid_t pid = -1;
  unique_fd taken; ///< The read end of the pipe over which it tells that it has taken its job.
  unique_fd ended; ///< Its pidfd, readable once it has ended.
};

int run_one(const job_environment& with, unique_fd tell) {
  // A fork does not inherit this (fork(2)). Without the worker no process can use the result.
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
    return ended_with_nonsense;
  const auto companion = start_companion(with.options, with.jobs, with.confinement);
  if (with.jobs.warm_up != nullptr)
    with.jobs.warm_up();
  auto taken = receive_job(with.socket);
  if (!taken && taken.error().code == errc::worker_died)
    return ended_with_stream; // the ordinary end: the server has closed its socket
  if (!taken) {
    log::error("worker", taken.error());
    return ended_with_nonsense;
  }
  ::close(with.socket); // the jobs after this one must not be reached from here
  const bool programs = with.jobs.starts_programs(opened_file{taken->input.get()});
  if (::write(tell.get(), programs ? &starts_programs : &stays_alone, 1) != 1)
    return ended_with_nonsense;
  tell = unique_fd{};
  const auto answers = taken->answers.get();
  if (!send_begun(answers))
    return ended_with_job; // the server does not wait for it any more
  const auto entered = with.confinement.enter(*taken, programs, companion.get());
  auto sent = entered ? perform(*taken, with.options, with.jobs.run, answers)
                      : send_packet(answers, encode(from_worker{entered.error()}));
  while (sent && entered && !programs && may_be_followed(taken->work.kind)) {
    const auto follower = receive_follower(answers);
    sent = follower ? perform(*follower, with.options, with.jobs.run, answers)
                    : result<>{follower.error()};
  }
  if (!sent && sent.error().code != errc::worker_died) // the ordinary end of a row of jobs
    log::debug("worker", sent.error().detail);
  return ended_with_job;
}

result<job_process> fork_job(const job_environment& with, job_process& before) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    return fail_errno(errno, "pipe2");
  job_process made;
  made.taken = unique_fd{ends[0]};
  unique_fd tell{ends[1]};
  made.pid = ::fork();
  if (made.pid < 0)
    return fail_errno(errno, "fork");
  if (made.pid == 0) {
    before = {};
    made = {};
    ::_exit(run_one(with, std::move(tell))); // without the destructors of libraries
  }
  auto ended = open_pidfd(made.pid);
  if (!ended)
    return fail(ended.error());
  made.ended = std::move(*ended);
  return made;
}

result<int> wait_for(pid_t child) {
  int state = 0;
  while (::waitpid(child, &state, 0) < 0)
    if (errno != EINTR)
      return fail_errno(errno, "waitpid");
  if (WIFSIGNALED(state) && WTERMSIG(state) == SIGKILL)
    return ended_with_job;
  if (WIFSIGNALED(state))
    return fail(errc::worker_died, "a job ended by signal " + std::to_string(WTERMSIG(state)));
  return WEXITSTATUS(state);
}

enum class next_step { going_on, stop };
using enum next_step;

// Waits for @p process, if there is one. @returns an error after a crash. A job that was killed, by
// the server or because it ran out of memory or time, is no crash: it leaves nothing behind.
result<next_step> finish(job_process& process) {
  if (process.pid < 0)
    return going_on;
  const auto ended = wait_for(process.pid);
  process = {};
  if (!ended)
    return fail(ended.error());
  if (*ended == ended_with_stream)
    return stop;
  if (*ended != ended_with_job)
    return fail(errc::internal, "a job's process ended with " + std::to_string(*ended));
  return going_on;
}

// Kills @p process: the next job only arrives after this one's answer was sent.
void kill_finished(job_process& process) {
  if (process.pid < 0)
    return;
  ::kill(process.pid, SIGKILL);
  static_cast<void>(wait_for(process.pid));
  process = {};
}

// Called in the first process of a process namespace, where -1 means all others in the namespace
// (kill(2)).
void kill_others() {
  ::kill(-1, SIGKILL);
  while (::waitpid(-1, nullptr, 0) > 0 || errno == EINTR) {
  }
}

// Waits until @p next has taken a job, or has ended. If the job before it ends meanwhile, @p before
// is emptied.
result<char> wait_for_job(const job_process& next, job_process& before) {
  for (;;) {
    // poll(2) ignores a negative descriptor.
    std::array<pollfd, 2> both{{{next.taken.get(), POLLIN, 0}, {before.ended.get(), POLLIN, 0}}};
    if (::poll(both.data(), both.size(), -1) < 0) {
      if (errno == EINTR)
        continue;
      return fail_errno(errno, "poll");
    }
    if (both[1].revents != 0)
      if (auto ended = finish(before); !ended)
        return fail(ended.error());
    if (both[0].revents == 0)
      continue;
    char told = stays_alone;
    const auto n = ::read(next.taken.get(), &told, 1);
    return n == 1 ? told
                  : starts_programs; // it has ended without a job: finish it before the next fork
  }
}

} // namespace

result<> serve(int socket, const worker_settings& options, const job_module& jobs,
               const sandbox::confinement& sandbox) {
  const job_environment with{socket, options, jobs, sandbox};
  const bool owns_processes = sandbox.report().processes && ::getpid() == 1;
  job_process before; // may still run its job while the process of the next job starts
  for (;;) {
    auto next = fork_job(with, before);
    if (!next)
      return fail(next.error());
    const auto told = wait_for_job(*next, before);
    if (!told)
      return fail(told.error());
    kill_finished(before);
    before = std::move(*next);
    // If a filter keeps the job from starting processes, it leaves none behind: the process of the
    // next job may start already.
    if (*told == stays_alone && sandbox.report().seccomp)
      continue;
    const auto ended = finish(before);
    if (owns_processes)
      kill_others();
    if (!ended)
      return fail(ended.error());
    if (*ended != going_on)
      return {};
  }
}

} // namespace mediad::media
