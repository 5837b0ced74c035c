#include "actors/codec/process.hpp"

#include "base/process.hpp"
#include "media/job/json.hpp"
#include "media/job/packets.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <variant>

namespace mediad::actors {
namespace {

result<pid_t> spawn(const worker_command& command, int worker_end) {
  spawn_options options;
  // The worker sees its socket and standard error, nothing else of ours.
  options.give(worker_end, media::worker_socket_fd);
  options.open(STDIN_FILENO, "/dev/null", O_RDONLY);
  options.give(STDERR_FILENO, STDOUT_FILENO);
  options.close_from(media::worker_socket_fd + 1);
  options.lead_group();
  options.unblock_signals();
  return options.spawn({command.program.string(), "--kind", std::string{to_string(command.kind)},
                        "--nice", std::to_string(command.nice)});
}

/// Small bodies come in rows. The process of a larger one would keep it open until the next comes.
bool is_small(int input) {
  constexpr off_t max_bytes = off_t{1} << 20;
  struct stat about {};
  return ::fstat(input, &about) == 0 && about.st_size <= max_bytes;
}

struct packet_link {
  unique_fd ours;
  unique_fd theirs;
};

result<packet_link> make_link() {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0)
    return fail_errno(errno, "socketpair");
  return packet_link{unique_fd{ends[0]}, unique_fd{ends[1]}};
}

result<media::job_result> read_answers(int socket, const std::function<void(double)>& progress) {
  for (;;) {
    auto packet = media::receive_packet(socket);
    if (!packet)
      return fail(packet.error());
    auto answer = media::decode_answer(*packet);
    if (!answer)
      return fail(errc::worker_died, "protocol violation by the worker: " + answer.error().detail);
    if (const auto* p = std::get_if<media::job_progress>(&*answer))
      progress(p->fraction);
    else if (auto* failed = std::get_if<error>(&*answer))
      return fail(std::move(*failed));
    else
      return std::get<media::job_result>(std::move(*answer));
  }
}

} // namespace

result<std::unique_ptr<worker_process>> worker_process::start(const worker_command& command) {
  auto link = make_link();
  if (!link)
    return fail(link.error());
  auto pid = spawn(command, link->theirs.get());
  if (!pid)
    return fail(pid.error());
  std::unique_ptr<worker_process> process{new worker_process{*pid, std::move(link->ours)}};
  if (auto sent = media::send_packet(process->socket_.get(), command.settings); !sent)
    return fail(sent.error());
  return process;
}

worker_process::~worker_process() {
  kill();
  reap();
}

bool worker_process::is_alive() const {
  // Its report apart, the worker says nothing here: anything readable is its end.
  char first = 0;
  const auto n = ::recv(socket_.get(), &first, sizeof first, MSG_PEEK | MSG_DONTWAIT);
  return !is_killed_ && (n < 0 ? errno == EAGAIN : n > 0 && !report_);
}

result<media::sandbox_report> worker_process::await_report() {
  if (report_)
    return *report_;
  const auto packet = media::receive_packet(socket_.get());
  if (!packet)
    return fail(packet.error());
  auto report = media::decode_report(*packet);
  if (!report)
    return fail(errc::worker_died, "protocol violation by the worker: " + report.error().detail);
  report_ = *report;
  return *report_;
}

result<media::job_result> worker_process::run(const media::job& job, int input,
                                              const job_callbacks& callbacks) {
  if (const auto ready = await_report(); !ready)
    return fail(ready.error());
  if (may_follow(job) && media::send_follower(open_.answers.get(), job, input)) {
    ++open_.jobs;
    if (callbacks.is_ended())
      end_job();
    auto answer = read_answers(open_.answers.get(), callbacks.progress);
    if (answer || answer.error().code != errc::worker_died || callbacks.is_ended())
      return answer;
  }
  // No process is open, or it has ended, perhaps because of the jobs before this one.
  return begin(job, input, callbacks);
}

bool worker_process::may_follow(const media::job& j) const {
  constexpr std::uint32_t max_jobs = 64;
  constexpr std::chrono::milliseconds max_age{100};
  return open_.answers && media::may_be_followed(j.kind) && j.owner == open_.owner
         && open_.jobs < max_jobs && std::chrono::steady_clock::now() - open_.since < max_age;
}

result<media::job_result> worker_process::begin(const media::job& job, int input,
                                                const job_callbacks& callbacks) {
  open_ = {};
  ++begun_;
  auto answers = make_link();
  if (!answers)
    return fail(answers.error());
  result<packet_link> growth_link;
  if (media::has_growing_input(job.kind))
    growth_link = make_link();
  if (!growth_link)
    return fail(growth_link.error());
  const media::job_descriptors with{input, answers->theirs.get(), growth_link->theirs.get()};
  if (auto sent = media::send_job(socket_.get(), job, with); !sent)
    return fail(sent.error());
  // Now the job's process alone holds the other ends, and its end is the end of the stream.
  answers->theirs = unique_fd{};
  growth_link->theirs = unique_fd{};
  if (growth_link->ours)
    callbacks.growth.connect(std::move(growth_link->ours));
  auto answer = finish(answers->ours.get(), callbacks);
  callbacks.growth.disconnect();
  if (answer && media::may_be_followed(job.kind) && !job.owner.empty() && is_small(input))
    open_ = {std::move(answers->ours), job.owner, 0, std::chrono::steady_clock::now()};
  return answer;
}

result<media::job_result> worker_process::finish(int answers, const job_callbacks& callbacks) {
  auto process = media::receive_begun(answers);
  if (!process && process.error().code != errc::worker_died)
    return fail(errc::worker_died, "protocol violation by the worker: " + process.error().detail);
  if (!process)
    return fail(process.error());
  {
    const std::lock_guard lock{guard_};
    job_ = std::move(*process);
  }
  if (callbacks.is_ended())
    end_job();
  return read_answers(answers, callbacks.progress);
}

void worker_process::end_job() {
  {
    const std::lock_guard lock{guard_};
    if (!job_)
      return;
    if (report_->processes) {
      ::syscall(SYS_pidfd_send_signal, job_.get(), SIGKILL, nullptr, 0);
      return;
    }
  }
  kill(); // the job may have started processes that only this ends
}

void worker_process::kill() {
  const std::lock_guard lock{guard_};
  is_killed_ = true;
  if (pid_ > 0)
    ::kill(-pid_, SIGKILL);
}

void worker_process::stop() {
  signal_group(SIGSTOP);
}

void worker_process::go_on() {
  signal_group(SIGCONT);
}

void worker_process::signal_group(int number) {
  const std::lock_guard lock{guard_};
  if (pid_ > 0)
    ::kill(-pid_, number);
}

void worker_process::reap() {
  const std::lock_guard lock{guard_};
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
}

} // namespace mediad::actors
