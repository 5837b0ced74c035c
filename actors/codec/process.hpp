#pragma once

#include "actors/codec/input_feed.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "media/job/job.hpp"
#include "media/job/sandbox_report.hpp"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <sys/types.h>

namespace mediad::actors {

/// How to start a `mediad-codec` process.
struct worker_command {
  std::filesystem::path program;
  media::worker_kind kind = media::worker_kind::light;
  int nice = 0;                   ///< 0..19 above the server's own.
  std::string settings;           ///< media::encode(media::worker_settings).
  std::uint32_t max_jobs = 1'000; ///< Then its keeper starts a new process, at least 1.
};

/// How the keeper follows a job while run() blocks.
struct job_callbacks {
  std::function<void(double)> progress; ///< Called with fractions 0..1 as they come.
  input_feed& growth;                   ///< Used for a job that media::has_growing_input.
  /// Whether the job is not wanted any more; asked when end_job() begins to reach it.
  std::function<bool()> is_ended = [] {
    return false;
  };
};

/// One worker process and the server's end of its socket. It leads a process group of its own, so
/// that what it starts (LibreOffice) ends with it. Killed and reaped by the destructor.
class worker_process {
public:
  /// Starts the program and hands it its settings. The process ends with the calling thread
  /// (PR_SET_PDEATHSIG), so start it from a thread that lives as long as it should.
  static result<std::unique_ptr<worker_process>> start(const worker_command& command);

  worker_process(const worker_process&) = delete;
  worker_process& operator=(const worker_process&) = delete;
  ~worker_process();

  /// False once the process has been killed, has ended or has closed its socket.
  bool is_alive() const;

  pid_t pid() const {
    return pid_;
  }

  /// Waits until the process is ready for jobs, and says what protects them. Blocks as run() does.
  /// @returns errc::worker_died if it ends first.
  result<media::sandbox_report> await_report();

  /// Hands the job and its input over and runs it to its end; blocks. Jobs of one job::owner that
  /// media::may_be_followed, have small inputs and come close together, share a process, as many as
  /// are worth it.
  /// @param input  open for reading; stays the caller's.
  /// @returns what the worker answered, or errc::worker_died (also after end_job()).
  result<media::job_result> run(const media::job& job, int input, const job_callbacks& callbacks);

  /// How many processes have been made for jobs.
  std::uint32_t begun() const {
    return begun_;
  }

  /// Kills the process of the job that runs, if one does. The worker lives on and is ready for the
  /// next, but where the system gives it no process namespace: there this is kill(). From any
  /// thread.
  void end_job();

  /// Kills the whole group. From any thread; harmless when it has ended.
  void kill();

  /// Halts the whole group (SIGSTOP), so that it uses no processor, until go_on() (SIGCONT). From
  /// any thread; harmless when it has ended.
  void stop();
  void go_on();

private:
  /// The process of a job that may be followed by more.
  struct open_job {
    unique_fd answers; ///< None once it has been closed.
    std::string owner;
    std::uint32_t jobs = 0;
    std::chrono::steady_clock::time_point since;
  };

  result<media::job_result> begin(const media::job& job, int input, const job_callbacks& callbacks);
  result<media::job_result> finish(int answers, const job_callbacks& callbacks);
  bool may_follow(const media::job& j) const;
  worker_process(pid_t pid, unique_fd socket) : pid_{pid}, socket_{std::move(socket)} {}
  void reap();
  void signal_group(int number);

  std::atomic<bool> is_killed_ = false; ///< The kernel takes a moment longer to say so.
  std::mutex
    guard_; ///< Between kill() and reap(): the system may give a reaped pid to another process.
  pid_t pid_;
  unique_fd job_; ///< A pidfd of the last job's process; guarded.
  unique_fd socket_;
  std::optional<media::sandbox_report> report_;
  open_job open_;
  std::uint32_t begun_ = 0;
};

} // namespace mediad::actors
