#define CAF_SUITE base_process

#include "base/process.hpp"

#include "tests/temp_root.hpp"

#include <caf/test/unit_test.hpp>

#include <array>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

using namespace mediad;

namespace {

struct fixture : tests::temp_root {
  static int exit_code(pid_t process) {
    int state = 0;
    CAF_REQUIRE_EQUAL(::waitpid(process, &state, 0), process);
    return WIFEXITED(state) ? WEXITSTATUS(state) : -1;
  }

  // Runs a script of the shell, and returns what it prints.
  std::string output_of(spawn_options& options, const std::string& script) const {
    return output_of(options, {"/bin/sh", "-c", script});
  }
  std::string output_of(spawn_options& options, std::vector<std::string> command) const {
    options.open(STDOUT_FILENO, path / "out", O_WRONLY | O_CREAT | O_TRUNC, 0600);
    const auto started = options.spawn(std::move(command), {"PATH=/usr/bin:/bin", "WORD=ours"});
    CAF_REQUIRE(started);
    CAF_CHECK_EQUAL(exit_code(*started), 0);
    return read_file(path / "out", 10'000).value();
  }
};

bool is_readable(int fd, int timeout_ms) {
  pollfd polled{fd, POLLIN, 0};
  return ::poll(&polled, 1, timeout_ms) == 1;
}

// Whether the mask @p name of /proc/<pid>/status (proc(5)) has @p signal.
bool is_in_mask(const std::string& status, const std::string& name, int signal) {
  const auto at = status.find(name + ":");
  CAF_REQUIRE_NOT_EQUAL(at, std::string::npos);
  const auto mask = std::stoull(status.substr(at + name.size() + 1), nullptr, 16);
  return (mask >> (signal - 1) & 1U) != 0;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(process_tests, fixture)

CAF_TEST(a child that has ended tells how and one that has not is ended with its owner) {
  const auto wait_for = [](pid_t pid) {
    siginfo_t about{};
    CAF_REQUIRE_EQUAL(::waitid(P_PID, static_cast<id_t>(pid), &about, WEXITED | WNOWAIT), 0);
  };
  for (const auto& [script, expected] :
       {std::pair{"exit 3", 3}, std::pair{"kill -KILL $$", 128 + SIGKILL}}) {
    const auto pid = spawn_options{}.spawn({"/bin/sh", "-c", script}).value();
    child_process child{pid};
    wait_for(pid);
    CAF_CHECK_EQUAL(child.ended().value(), expected);
    CAF_CHECK(!child.ended());
  }
  const auto pid = spawn_options{}.spawn({"/bin/sleep", "1000"}).value();
  {
    child_process child{pid};
    CAF_CHECK(!child.ended());
  }
  CAF_CHECK_EQUAL(::kill(pid, 0), -1);
}

CAF_TEST(a pidfd is readable once its process has ended) {
  std::array<int, 2> ends{};
  CAF_REQUIRE_EQUAL(::pipe2(ends.data(), O_CLOEXEC), 0);
  unique_fd read_end{ends[0]};
  unique_fd write_end{ends[1]};
  spawn_options options;
  options.give(read_end.get(), STDIN_FILENO);
  const auto started = options.spawn({"cat"});
  CAF_REQUIRE(started);
  const auto watched = open_pidfd(*started);
  CAF_REQUIRE(watched);
  CAF_CHECK(!is_readable(watched->get(), 0));
  write_end = unique_fd{};
  CAF_CHECK(is_readable(watched->get(), 10'000));
  CAF_CHECK_EQUAL(exit_code(*started), 0);
}

CAF_TEST(a process that is not there has no pidfd) {
  spawn_options options;
  const auto started = options.spawn({"true"});
  CAF_REQUIRE(started);
  exit_code(*started);
  CAF_CHECK(!open_pidfd(*started));
}

CAF_TEST(a program gets the environment and the folder it is told) {
  spawn_options options;
  options.run_in("/usr");
  CAF_CHECK_EQUAL(output_of(options, "echo $WORD $HOME; pwd"), "ours\n/usr\n");
}

CAF_TEST(a program gets no descriptor beside those it is given) {
  const auto secret = open_file("/dev/null", O_RDONLY);
  CAF_REQUIRE(secret);
  spawn_options options;
  options.give(secret->get(), 3);
  options.give(secret->get(), 4);
  options.close_from(4);
  CAF_CHECK_EQUAL(output_of(options, "for n in 3 4 5 6 7 8 9; do"
                                     "  if [ -e /proc/$$/fd/$n ]; then echo $n; fi; done"),
                  "3\n");
}

CAF_TEST(a program leads its own process group only if it is told to) {
  const std::string group = "cut -d ' ' -f 5 < /proc/$$/stat; echo $$";
  spawn_options shared;
  CAF_CHECK_EQUAL(output_of(shared, group).find(std::to_string(::getpgrp()) + "\n"), 0u);
  spawn_options own;
  own.lead_group();
  const auto told = output_of(own, group);
  const auto half = told.size() / 2;
  CAF_CHECK_EQUAL(told.substr(0, half), told.substr(half));
}

CAF_TEST(a program blocks and ignores no signal once they are reset) {
  // Not by a shell, which resets its signals itself.
  const std::vector<std::string> print{"cat", "/proc/self/status"};
  sigset_t blocked;
  ::sigemptyset(&blocked);
  ::sigaddset(&blocked, SIGUSR1);
  sigset_t before;
  ::pthread_sigmask(SIG_BLOCK, &blocked, &before);
  auto* const handler = std::signal(SIGUSR2, SIG_IGN); // NOLINT(bugprone-signal-handler): none
  spawn_options as_we_are;
  const auto inherited = output_of(as_we_are, print);
  spawn_options options;
  options.unblock_signals();
  options.reset_signals();
  const auto clean = output_of(options, print);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  static_cast<void>(std::signal(SIGUSR2, handler)); // NOLINT(bugprone-signal-handler): restored
  CAF_CHECK(is_in_mask(inherited, "SigBlk", SIGUSR1));
  CAF_CHECK(is_in_mask(inherited, "SigIgn", SIGUSR2));
  CAF_CHECK(!is_in_mask(clean, "SigBlk", SIGUSR1));
  CAF_CHECK(!is_in_mask(clean, "SigIgn", SIGUSR2));
}

CAF_TEST(a program that is not there is an error that names it) {
  spawn_options options;
  const auto started = options.spawn({(path / "no-such-program").string()});
  CAF_REQUIRE(!started);
  CAF_CHECK(started.error().code == errc::internal);
  CAF_CHECK(started.error().detail.find("no-such-program") != std::string::npos);
}

CAF_TEST(a step that fails is found at the start and not lost) {
  spawn_options options;
  options.close_from(-1);
  options.run_in("/");
  CAF_CHECK(!options.spawn({"true"}));
}

CAF_TEST_FIXTURE_SCOPE_END()
