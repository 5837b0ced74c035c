#include "command/serve.hpp"

#include "base/file.hpp"
#include "base/log.hpp"
#include "base/service_manager.hpp"
#include "command/command_line.hpp"
#include "command/instance.hpp"
#include "command/print.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <functional>
#include <memory>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace mediad::command {

namespace {

/// What ends a server: a signal, or the death of a part. Waiting for both is one poll(). At
/// SIGHUP the certificate is read again; SIGUSR1 and SIGUSR2 are logged and change nothing.
class end_of_service {
public:
  /// Must come before any thread starts: threads inherit which signals are blocked.
  end_of_service() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGTERM);
    sigaddset(&signals_, SIGINT);
    heard_ = signals_;
    for (const int harmless : {SIGHUP, SIGUSR1, SIGUSR2})
      sigaddset(&heard_, harmless);
    // A shell script's background job starts with SIGINT ignored, and would never see one.
    static_cast<void>(std::signal(SIGINT, SIG_DFL));
    pthread_sigmask(SIG_BLOCK, &heard_, nullptr);
    signal_ = unique_fd{::signalfd(-1, &heard_, SFD_CLOEXEC)};
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

  /// Blocks. @returns true for a signal that ends the server, false for a death.
  bool wait(const std::function<void()>& on_hangup) const {
    std::array<pollfd, 2> both{{{signal_.get(), POLLIN, 0}, {death_->get(), POLLIN, 0}}};
    for (;;) {
      while (::poll(both.data(), both.size(), -1) < 0 && errno == EINTR) {
      }
      if (both[1].revents != 0)
        return false;
      const auto number = take();
      if (number != 0 && sigismember(&signals_, number) == 1)
        return true;
      if (number == SIGHUP)
        on_hangup();
      else if (number != 0)
        log::info("serve", std::string{::strsignal(number)} + ": nothing to do");
    }
  }

  /// From now on a further signal ends the process at once: an operator need not wait.
  void let_go() const {
    pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);
  }

private:
  /// The number of the signal that waits; 0: none could be read.
  int take() const {
    signalfd_siginfo first{};
    if (::read(signal_.get(), &first, sizeof first) != sizeof first)
      return 0;
    return static_cast<int>(first.ssi_signo);
  }

  sigset_t signals_{}; ///< End the server.
  sigset_t heard_{};   ///< These and the harmless ones.
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
  std::string lines;
  for (const auto& url : running->urls()) {
    log::info("serve", "listening on " + url);
    lines += "mediad listening on " + url + '\n';
  }
  tell_service_manager("READY=1\nSTATUS=listening on " + running->address());
  // A server whose starter has closed the pipe still serves: the line is a courtesy.
  static_cast<void>(print(lines));

  const auto was_asked = end.wait([&running] { running->reload(); });
  end.let_go();
  log::info("serve", was_asked ? "stopping" : "stopping: a part has died");
  running->stop();
  log::info("serve", "stopped");
  return was_asked ? exit_ok : exit_failed;
}

} // namespace mediad::command
