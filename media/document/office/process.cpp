#include "media/document/office/process.hpp"

#include "base/file.hpp"
#include "base/process.hpp"
#include "media/document/office/process_tree.hpp"
#include "media/document/office/time_budget.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace mediad::media::office {
namespace {

// Nothing else of our environment: no tokens, no proxies, no display.
std::vector<std::string> environment_of(const program_run& what) {
  const char* path = std::getenv("PATH"); // NOLINT(concurrency-mt-unsafe): never set here
  return {std::string{"PATH="} + (path != nullptr ? path : "/usr/bin:/bin"),
          "HOME=" + what.home.string(), "TMPDIR=" + what.home.string(), "LANG=C.UTF-8",
          "SAL_USE_VCLPLUGIN=svp"};
}

std::vector<std::string> command_of(const program_run& what) {
  auto words = what.arguments;
  words.insert(words.begin(), what.program);
  return words;
}

result<pid_t> start(const program_run& what) {
  spawn_options options;
  options.open(STDIN_FILENO, "/dev/null", O_RDONLY);
  options.open(STDOUT_FILENO, "/dev/null", O_WRONLY);
  options.open(STDERR_FILENO, what.messages, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  options.run_in(what.home);
  // The worker's socket above all: a program that was taken over must not answer for the worker.
  options.close_from(STDERR_FILENO + 1);
  options.reset_signals();
  options.unblock_signals();
  return options.spawn(command_of(what), environment_of(what));
}

void replace_descriptor(int number, const std::filesystem::path& file, int flags) {
  constexpr unsigned owner_only = 0600;
  if (const auto opened = open_file(file, flags, owner_only); opened)
    ::dup2(opened->get(), number);
}

void kill_tree(pid_t root) {
  // Stopped first, it cannot start more while its children are looked up.
  ::kill(root, SIGSTOP);
  for (const auto child : children_of(root))
    kill_tree(child);
  ::kill(root, SIGKILL);
}

// Ends what is left: the program's own tree, then those who lost their parent and became ours. In
// a sandbox only the program itself: the rest ends with the job, by its process namespace.
void end_all(pid_t program) {
  if (!can_look_up_processes()) {
    ::kill(program, SIGKILL);
    while (::waitpid(program, nullptr, 0) < 0 && errno == EINTR) {
    }
    return;
  }
  for (;;) {
    for (const auto child : children_of(::getpid()))
      kill_tree(child);
    const auto reaped = ::waitpid(-1, nullptr, 0);
    if (reaped < 0 && errno != EINTR)
      return; // ECHILD: none is left
  }
}

// True when the process has ended, false when its time is up.
result<bool> wait_for(pid_t child, std::chrono::milliseconds limit) {
  const time_budget time{limit};
  const auto watched = open_pidfd(child);
  if (!watched)
    return fail(watched.error());
  while (!time.is_spent()) {
    pollfd polled{watched->get(), POLLIN, 0};
    const auto ready = ::poll(&polled, 1, static_cast<int>(time.next_look().count()));
    if (ready > 0)
      return true;
    if (ready < 0 && errno != EINTR)
      return fail_errno(errno, "poll");
  }
  return false;
}

} // namespace

result<> run_program(const program_run& what) {
  if (::prctl(PR_SET_CHILD_SUBREAPER, 1) != 0)
    return fail_errno(errno, "prctl");
  const auto child = start(what);
  if (!child)
    return fail(child.error());
  const auto ended = wait_for(*child, what.timeout);
  end_all(*child);
  if (!ended)
    return fail(ended.error());
  if (!*ended)
    return fail(errc::timeout,
                what.program + " took more than " + std::to_string(what.timeout.count()) + " ms");
  return {};
}

void exec_program(const program_run& what) {
  replace_descriptor(STDIN_FILENO, "/dev/null", O_RDONLY);
  replace_descriptor(STDOUT_FILENO, "/dev/null", O_WRONLY);
  replace_descriptor(STDERR_FILENO, what.messages, O_WRONLY | O_CREAT | O_TRUNC);
  ::close_range(STDERR_FILENO + 1, ~0U, 0);
  if (::chdir(what.home.c_str()) != 0)
    return;
  static_cast<void>(std::signal(SIGPIPE, SIG_DFL)); // NOLINT(bugprone-signal-handler): no handler
  static_cast<void>(std::signal(SIGXFSZ, SIG_DFL)); // NOLINT(bugprone-signal-handler): no handler
  auto words = command_of(what);
  auto variables = environment_of(what);
  ::execvpe(what.program.c_str(), pointers_to(words).data(), pointers_to(variables).data());
}

} // namespace mediad::media::office
