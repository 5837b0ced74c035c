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

// What a job's process tells before it touches a byte of the file.
constexpr char starts_programs = 'p';
constexpr char stays_alone = 'a';

/// All that the jobs of one worker share.
struct workshop {
  int socket;
  const settings& options;
  const job_module& jobs;
  const sandbox& around;
};

/// The process of one job.
struct job_process {
  pid_t pid = -1;
  unique_fd taken; ///< Says when it has taken its job, and what that is like.
  unique_fd ended; ///< A pidfd.
};

int run_one(const workshop& shop, unique_fd tell) {
  // fork(2) does not keep it: a worker that is gone leaves nobody who could use the result.
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
    return ended_with_nonsense;
  const auto companion = start_companion(shop.options, shop.jobs, shop.around);
  if (shop.jobs.rehearse != nullptr)
    shop.jobs.rehearse();
  auto taken = receive_job(shop.socket);
  if (!taken && taken.error().code == errc::worker_died)
    return ended_with_stream; // the ordinary end: the server has closed its socket
  if (!taken) {
    log::error("worker", taken.error());
    return ended_with_nonsense;
  }
  ::close(shop.socket); // the jobs after this one are none of its business
  const bool programs = shop.jobs.starts_programs(taken->work);
  if (::write(tell.get(), programs ? &starts_programs : &stays_alone, 1) != 1)
    return ended_with_nonsense;
  tell = unique_fd{};
  const auto answers = taken->answers.get();
  if (!send_begun(answers))
    return ended_with_job; // nobody waits for it any more
  const auto entered = shop.around.enter(*taken, programs, companion.get());
  auto sent = entered ? perform(*taken, shop.options, shop.jobs.run, answers)
                      : send_packet(answers, encode(from_worker{entered.error()}));
  while (sent && entered && !programs && may_be_followed(taken->work.kind)) {
    const auto follower = receive_follower(answers);
    sent = follower ? perform(*follower, shop.options, shop.jobs.run, answers)
                    : result<>{follower.error()};
  }
  if (!sent && sent.error().code != errc::worker_died) // the ordinary end of those that follow
    log::debug("worker", sent.error().detail);
  return ended_with_job;
}

result<job_process> fork_job(const workshop& shop, job_process& before) {
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
    ::_exit(run_one(shop, std::move(tell))); // no destructor of a library runs in it
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
// the server or for want of memory or time, is none: nothing of it is left here.
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

// Its answer has been sent, or no next job would have come: whatever it still does is of no use.
void dismiss(job_process& process) {
  if (process.pid < 0)
    return;
  ::kill(process.pid, SIGKILL);
  static_cast<void>(wait_for(process.pid));
  process = {};
}

// The first process of a namespace: -1 are all others in it, and no one else.
void end_others() {
  ::kill(-1, SIGKILL);
  while (::waitpid(-1, nullptr, 0) > 0 || errno == EINTR) {
  }
}

// Until @p next has a job, or has ended. Meanwhile the one before may end: @p before is empty then.
result<char> wait_for_job(const job_process& next, job_process& before) {
  for (;;) {
    // A negative descriptor is left out.
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
    return n == 1 ? told : starts_programs; // it has ended without a job: wait for it alone
  }
}

} // namespace

result<> serve(int socket, const settings& options, const job_module& jobs, const sandbox& around) {
  const workshop shop{socket, options, jobs, around};
  const bool owns_processes = around.report().processes && ::getpid() == 1;
  job_process before; // may still run its job while the next one's process is got ready
  for (;;) {
    auto next = fork_job(shop, before);
    if (!next)
      return fail(next.error());
    const auto told = wait_for_job(*next, before);
    if (!told)
      return fail(told.error());
    dismiss(before);
    before = std::move(*next);
    // Where a filter forbids all processes none is left behind: the next one may be there already.
    if (*told == stays_alone && around.report().seccomp)
      continue;
    const auto ended = finish(before);
    if (owns_processes)
      end_others();
    if (!ended)
      return fail(ended.error());
    if (*ended != going_on)
      return {};
  }
}

} // namespace mediad::media
