#include "media/worker/sandbox/namespaces.hpp"

#include "base/file.hpp"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sched.h>
#include <string>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace mediad::media::sandbox {
namespace {

constexpr int wanted = CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWPID;

// Writes in one write(2): these files take no other.
bool write_map(const char* file, const std::string& text) {
  const auto fd = open_file(file, O_WRONLY);
  return fd && ::write(fd->get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

// user_namespaces(7): one id is mapped, our own to itself, so files keep their owner.
bool map_own_ids(uid_t user, gid_t group) {
  const auto self = [](auto id) {
    return std::to_string(id) + ' ' + std::to_string(id) + " 1";
  };
  static_cast<void>(
    write_map("/proc/self/setgroups", "deny")); // without it no unprivileged gid_map
  return write_map("/proc/self/uid_map", self(user))
         && write_map("/proc/self/gid_map", self(group));
}

// Root may do without a user namespace, where those are switched off.
result<bool> leave_namespaces() {
  const auto user = ::geteuid();
  const auto group = ::getegid();
  if (::unshare(CLONE_NEWUSER | wanted) != 0)
    return ::unshare(wanted) == 0;
  if (!map_own_ids(user, group))
    return fail(errc::internal, "a user namespace without ids: /proc/self/uid_map");
  return true;
}

[[noreturn]] void follow(pid_t child) {
  int state = 0;
  while (::waitpid(child, &state, 0) < 0 && errno == EINTR) {
  }
  if (WIFSIGNALED(state) && WTERMSIG(state) == SIGKILL)
    ::raise(SIGKILL); // the server tells a killed job from a crash
  ::_exit(WIFEXITED(state) ? WEXITSTATUS(state) : 1);
}

} // namespace

result<own_namespaces> enter_namespaces(int socket) {
  const auto left = leave_namespaces();
  if (!left)
    return fail(left.error());
  if (!*left)
    return own_namespaces{};
  const auto child = ::fork();
  if (child < 0)
    return fail_errno(errno, "fork");
  if (child > 0) {
    ::close(socket);
    follow(child);
  }
  // The parent ends with the server, and we with the parent.
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
    return fail_errno(errno, "prctl");
  return own_namespaces{true, true};
}

bool enter_process_namespace() {
  if (::unshare(CLONE_NEWPID) != 0)
    return false;
  const auto child = ::fork();
  if (child > 0)
    follow(child);
  return child == 0;
}

result<unique_fd> mount_empty_tmp(std::uint64_t max_bytes) {
  const auto how = "mode=0700,size=" + std::to_string(max_bytes);
  if (::unshare(CLONE_NEWNS) != 0
      || ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0
      || ::mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, how.c_str()) != 0)
    return fail_errno(errno, "mount /tmp");
  return open_file("/tmp", O_RDONLY | O_DIRECTORY);
}

result<> leave_tmp() {
  if (::unshare(CLONE_NEWNS) != 0 || ::umount2("/tmp", MNT_DETACH) != 0)
    return fail_errno(errno, "umount /tmp");
  return {};
}

bool mount_as_tmp(const std::filesystem::path& dir) {
  return ::unshare(CLONE_NEWNS) == 0
         && ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0
         && ::mount(dir.c_str(), "/tmp", nullptr, MS_BIND, nullptr) == 0;
}

} // namespace mediad::media::sandbox
