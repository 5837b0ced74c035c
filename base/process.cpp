#include "base/process.hpp"

#include <cerrno>
#include <csignal>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace mediad {

result<unique_fd> open_pidfd(pid_t pid) {
  // Not by its name: Debian 12's <sys/pidfd.h> declares that as a C++ function.
  unique_fd opened{static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))};
  if (!opened)
    return fail_errno(errno, "pidfd_open");
  return opened;
}

child_process::~child_process() {
  if (pid_ < 0)
    return;
  ::kill(pid_, SIGKILL);
  int how = 0;
  while (::waitpid(pid_, &how, 0) < 0 && errno == EINTR) {
  }
}

std::optional<int> child_process::ended() {
  constexpr int by_signal = 128; // As shells tell it.
  int how = 0;
  if (pid_ < 0 || ::waitpid(pid_, &how, WNOHANG) != pid_)
    return std::nullopt;
  pid_ = -1;
  return WIFEXITED(how) ? WEXITSTATUS(how) : by_signal + WTERMSIG(how);
}

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (auto& word : words)
    pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

spawn_options::spawn_options() {
  note(::posix_spawn_file_actions_init(&actions_));
  note(::posix_spawnattr_init(&attributes_));
}

spawn_options::~spawn_options() {
  ::posix_spawn_file_actions_destroy(&actions_);
  ::posix_spawnattr_destroy(&attributes_);
}

void spawn_options::note(int error_number) {
  if (error_number_ == 0)
    error_number_ = error_number;
}

void spawn_options::add_flag(short flag) {
  flags_ = static_cast<short>(flags_ | flag);
  note(::posix_spawnattr_setflags(&attributes_, flags_));
}

void spawn_options::give(int fd, int number) {
  note(::posix_spawn_file_actions_adddup2(&actions_, fd, number));
}

void spawn_options::open(int number, const std::filesystem::path& file, int flags, mode_t mode) {
  note(::posix_spawn_file_actions_addopen(&actions_, number, file.c_str(), flags, mode));
}

void spawn_options::close_from(int first) {
  note(::posix_spawn_file_actions_addclosefrom_np(&actions_, first));
}

void spawn_options::run_in(const std::filesystem::path& folder) {
  note(::posix_spawn_file_actions_addchdir_np(&actions_, folder.c_str()));
}

void spawn_options::lead_group() {
  note(::posix_spawnattr_setpgroup(&attributes_, 0));
  add_flag(POSIX_SPAWN_SETPGROUP);
}

void spawn_options::unblock_signals() {
  sigset_t none;
  ::sigemptyset(&none);
  note(::posix_spawnattr_setsigmask(&attributes_, &none));
  add_flag(POSIX_SPAWN_SETSIGMASK);
}

void spawn_options::reset_signals() {
  sigset_t all;
  ::sigfillset(&all);
  note(::posix_spawnattr_setsigdefault(&attributes_, &all));
  add_flag(POSIX_SPAWN_SETSIGDEF);
}

result<pid_t> spawn_options::spawn(std::vector<std::string> command,
                                   std::vector<std::string> environment) {
  return spawn(command, pointers_to(environment).data());
}

result<pid_t> spawn_options::spawn(std::vector<std::string> command) {
  return spawn(command, environ);
}

result<pid_t> spawn_options::spawn(std::vector<std::string>& command, char** environment) {
  pid_t started = -1;
  const auto& program = command.front();
  if (error_number_ == 0)
    error_number_ = ::posix_spawnp(&started, program.c_str(), &actions_, &attributes_,
                                   pointers_to(command).data(), environment);
  if (error_number_ != 0)
    return fail(errc::internal, fail_errno(error_number_, "start " + program).detail);
  return started;
}

} // namespace mediad
