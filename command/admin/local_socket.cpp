#include "command/admin/local_socket.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

namespace mediad::command {

namespace {

namespace fs = std::filesystem;

constexpr mode_t owner_only = 0600;
constexpr timeval patience{5, 0};

/// Good as long as @p folder is open.
struct address {
  sockaddr_un name{};
  unique_fd folder;

  const sockaddr* get() const {
    return reinterpret_cast<const sockaddr*>(&name); // NOLINT: the interface of sockets
  }
};

result<address> address_of(const fs::path& file) {
  address out;
  out.name.sun_family = AF_UNIX;
  auto text = file.string();
  if (text.size() >= sizeof out.name.sun_path) {
    auto folder = open_file(file.parent_path(), O_PATH | O_DIRECTORY);
    if (!folder)
      return fail(folder.error());
    out.folder = std::move(*folder);
    text = "/proc/self/fd/" + std::to_string(out.folder.get()) + '/' + file.filename().string();
  }
  if (text.size() >= sizeof out.name.sun_path)
    return fail(errc::storage_io, "the name is too long for a socket: " + file.string());
  std::memcpy(out.name.sun_path, text.c_str(), text.size() + 1);
  return out;
}

result<> remove_dead_socket(const fs::path& file) {
  struct stat there {};
  if (::lstat(file.c_str(), &there) != 0)
    return errno == ENOENT ? result<>{} : fail_errno(errno, "look at " + file.string());
  if (!S_ISSOCK(there.st_mode))
    return fail(errc::storage_io, file.string() + " is in the way: it is no socket");
  if (::unlink(file.c_str()) != 0)
    return fail_errno(errno, "remove " + file.string());
  return {};
}

} // namespace

fs::path admin_socket_of(const fs::path& root) {
  return root / "system" / "admin.sock";
}

result<unique_fd> listen_at(const fs::path& file, int backlog) {
  const auto at = address_of(file);
  if (!at)
    return fail(at.error());
  if (auto removed = remove_dead_socket(file); !removed)
    return fail(removed.error());
  unique_fd socket{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  // bind(2) gives the file the mode of the socket: there is no moment with a wider one.
  if (!socket || ::fchmod(socket.get(), owner_only) != 0
      || ::bind(socket.get(), at->get(), sizeof at->name) != 0
      || ::listen(socket.get(), backlog) != 0)
    return fail_errno(errno, "listen at " + file.string());
  return socket;
}

result<unique_fd> connect_to(const fs::path& file) {
  const auto at = address_of(file);
  if (!at)
    return fail(at.error());
  unique_fd socket{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  if (!socket)
    return fail_errno(errno, "socket");
  static_cast<void>(
    ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience));
  static_cast<void>(
    ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience));
  if (::connect(socket.get(), at->get(), sizeof at->name) == 0)
    return socket;
  if (errno == ENOENT || errno == ECONNREFUSED)
    return fail(errc::not_found, "no server runs behind " + file.string());
  if (errno == EACCES || errno == EPERM)
    return fail(errc::conflict,
                file.string() + ": only the user whom the server runs as, or root, may ask it");
  if (errno == EAGAIN)
    return fail(errc::timeout, "the server does not answer at " + file.string());
  return fail_errno(errno, "connect to " + file.string());
}

} // namespace mediad::command
