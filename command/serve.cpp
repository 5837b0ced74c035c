#include "command/serve.hpp"

#include "base/file.hpp"
#include "base/log.hpp"
#include "command/command_line.hpp"
#include "command/instance.hpp"
#include "command/print.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <memory>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace mediad::command {

namespace {

/// What ends a server: a signal, or the death of a part. Waiting for both is one poll().
class end_of_service {
public:
  /// Must come before any thread starts: threads inherit which signals are blocked.
  end_of_service() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGTERM);
    sigaddset(&signals_, SIGINT);
    // A shell script's background job starts with SIGINT ignored, and would never see one.
    static_cast<void>(std::signal(SIGINT, SIG_DFL));
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    signal_ = unique_fd{::signalfd(-1, &signals_, SFD_CLOEXEC)};
    *death_ = unique_fd{::eventfd(0, EFD_CLOEXEC)};
  }

  bool is_ready() const {
    return signal_ && *death_;
  }

  /// For `on_death`: may be called after this object is gone.
  std::function<void(const std::string&)> reporter() const {
    return [death = death_](const std::string&) {
      // The only failure is a full counter, and then the waiter is awake already.
      static_cast<void>(::eventfd_write(death->get(), 1));
    };
  }

  /// Blocks. @returns true for a signal, false for a death.
  bool wait() const {
    std::array<pollfd, 2> both{{{signal_.get(), POLLIN, 0}, {death_->get(), POLLIN, 0}}};
    while (::poll(both.data(), both.size(), -1) < 0 && errno == EINTR) {
    }
    return both[1].revents == 0;
  }

  /// From now on a further signal ends the process at once, for those who will not wait.
  void let_go() const {
    signalfd_siginfo first{};
    pollfd waiting{signal_.get(), POLLIN, 0};
    if (::poll(&waiting, 1, 0) == 1)
      static_cast<void>(::read(signal_.get(), &first, sizeof first));
    pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);
  }

private:
  sigset_t signals_{};
  unique_fd signal_;
  std::shared_ptr<unique_fd> death_ = std::make_shared<unique_fd>();
};

// Every connection and every file on its way holds one.
void raise_open_files() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return;
  limit.rlim_cur = limit.rlim_max;
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0)
    log::warning("serve", "the limit of open files stays as it is");
}

} // namespace

int serve(const config::settings& s) {
  const end_of_service end;
  static_cast<void>(
    std::signal(SIGPIPE, SIG_IGN)); // a client that left is an error of one write, no more
  log::configure(s.log);
  if (!end.is_ready()) {
    log::error("serve", fail_errno(errno, "signalfd"));
    return exit_failed;
  }
  raise_open_files();

  auto running = instance::start(s, end.reporter());
  if (!running)
    return complain({running.error().detail}, exit_failed);
  log::info("serve", "listening on " + running->address());
  // A server whose starter has closed the pipe still serves: the line is a courtesy.
  static_cast<void>(print("mediad listening on http://" + running->address() + "\n"));

  const auto was_asked = end.wait();
  end.let_go();
  log::info("serve", was_asked ? "stopping" : "stopping: a part has died");
  running->stop();
  log::info("serve", "stopped");
  return was_asked ? exit_ok : exit_failed;
}

} // namespace mediad::command
