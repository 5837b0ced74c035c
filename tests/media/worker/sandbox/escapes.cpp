#include "tests/media/worker/sandbox/escapes.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

namespace mediad::tests {
namespace {

int outcome(long returned) {
  return returned < 0 ? errno : 0;
}

int try_open(const std::string& path, int flags) {
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
  const int result = outcome(fd);
  if (fd >= 0)
    ::close(fd);
  return result;
}

int try_socket(int family, int type) {
  const int fd = ::socket(family, type, 0);
  const int result = outcome(fd);
  if (fd >= 0)
    ::close(fd);
  return result;
}

int try_connect(const std::string& path) {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  if (fd < 0)
    return errno;
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  path.copy(static_cast<char*>(to.sun_path), sizeof to.sun_path - 1);
  // The socket API's own way of passing an address.
  const int result = outcome(::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to));
  ::close(fd);
  return result;
}

// The child's status is the errno of what it tried.
template <class Attempt>
int in_child(Attempt attempt) {
  const auto child = ::fork();
  if (child < 0)
    return errno;
  if (child == 0)
    ::_exit(attempt());
  int state = 0;
  ::waitpid(child, &state, 0);
  return WIFEXITED(state) ? WEXITSTATUS(state) : EINTR;
}

int try_exec(const std::string& program) {
  std::string name = program;
  const std::array<char*, 2> words{name.data(), nullptr};
  std::array<char*, 1> variables{nullptr};
  ::execve(program.c_str(), words.data(), variables.data());
  return errno;
}

int try_exec_of_own_file(const std::string& folder) {
  const auto program = folder + "/program";
  const int fd = ::open(program.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0700);
  if (fd < 0)
    return errno;
  const std::string script = "#!/bin/sh\nexit 0\n";
  static_cast<void>(!::write(fd, script.data(), script.size()));
  ::close(fd);
  return try_exec(program);
}

int try_memory_that_runs() {
  constexpr std::size_t page = 4096;
  auto* at =
    ::mmap(nullptr, page, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (at == MAP_FAILED)
    return errno;
  ::munmap(at, page);
  return 0;
}

int try_io_uring() {
  io_uring_params parameters{};
  const auto fd = ::syscall(SYS_io_uring_setup, 1, &parameters);
  const int result = outcome(fd);
  if (fd >= 0)
    ::close(static_cast<int>(fd));
  return result;
}

[[maybe_unused]] int try_much_memory() {
  constexpr std::size_t much = std::size_t{1} << 40U;
  auto* at = ::mmap(nullptr, much, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return at == MAP_FAILED ? errno : 0;
}

int try_large_file(const std::string& folder) {
  const int fd = ::open((folder + "/large").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  if (fd < 0)
    return errno;
  const int result = outcome(::ftruncate(fd, off_t{1} << 41U));
  ::close(fd);
  return result;
}

int try_many_descriptors() {
  for (int i = 0; i < 100'000; ++i)
    if (::dup(STDERR_FILENO) < 0)
      return errno;
  return 0;
}

int try_reading_memory_of(pid_t process) {
  std::array<char, 16> bytes{};
  const iovec here{bytes.data(), bytes.size()};
  const iovec there{bytes.data(), bytes.size()};
  return outcome(::process_vm_readv(process, &here, 1, &there, 1, 0));
}

} // namespace

std::map<std::string, int> try_harmless(const targets& at) {
  return {
    {"read the input", try_open(at.input, O_RDONLY)},
    {"write into the work folder", try_open(at.work_folder + "/made", O_CREAT | O_WRONLY)},
    {"write to the input", try_open(at.input, O_WRONLY)},
    {"read another file", try_open(at.another_file, O_RDONLY)},
    {"write outside the work folder", try_open(at.outside, O_CREAT | O_WRONLY)},
    {"make a folder outside", outcome(::mkdir((at.outside + "-folder").c_str(), 0700))},
    {"link the other file",
     outcome(::link(at.another_file.c_str(), (at.work_folder + "/linked").c_str()))},
    {"read /etc/passwd", try_open("/etc/passwd", O_RDONLY)},
    {"list /", try_open("/", O_RDONLY | O_DIRECTORY)},
    {"read /proc", try_open("/proc/self/environ", O_RDONLY)},
    {"IPv4 socket", try_socket(AF_INET, SOCK_STREAM)},
    {"IPv6 socket", try_socket(AF_INET6, SOCK_DGRAM)},
    {"netlink socket", try_socket(AF_NETLINK, SOCK_RAW)},
    {"UNIX datagram socket", try_socket(AF_UNIX, SOCK_DGRAM)},
    {"connect to a UNIX socket", try_connect(at.unix_socket)},
    {"fork", in_child([] { return 0; })},
    {"run /bin/true", in_child([] { return try_exec("/bin/true"); })},
    {"run a file of its own", in_child([&] { return try_exec_of_own_file(at.work_folder); })},
    {"become traceable", in_child([] { return outcome(::ptrace(PTRACE_TRACEME, 0, 0, 0)); })},
    {"new user namespace", in_child([] { return outcome(::unshare(CLONE_NEWUSER)); })},
    {"memory to write and run", try_memory_that_runs()},
    {"io_uring", try_io_uring()},
  };
}

std::map<std::string, int> try_harmful(const targets& at) {
  const auto parent = ::getppid();
  // The parent's memory first: a job that can read it needs nothing else.
  return {
    {"read the parent's memory", try_reading_memory_of(parent)},
    {"trace the parent", outcome(::ptrace(PTRACE_SEIZE, parent, 0, 0))},
    {"kill the parent", outcome(::kill(parent, SIGKILL))},
    {"kill the first process", outcome(::syscall(SYS_tgkill, 1, 1, SIGKILL))},
#ifndef __SANITIZE_ADDRESS__ // which reserves more itself, and so is not limited
    {"a terabyte of memory", try_much_memory()},
#endif
    {"two terabytes of file", try_large_file(at.work_folder)},
    {"a hundred thousand descriptors", try_many_descriptors()},
  };
}

} // namespace mediad::tests
