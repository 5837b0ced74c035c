#include "net/io/listening.hpp"

#include <boost/asio/ip/address.hpp>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>

namespace mediad::net {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr int backlog = 1024;
constexpr std::string_view file_prefix = "unix:";

error cannot_listen(const listen_address& where, const std::string& why) {
  return {errc::storage_io, "cannot listen: " + why + ": " + to_string(where)};
}

error cannot_listen(const listen_address& where) {
  return cannot_listen(where, std::strerror(errno));
}

unique_fd make_socket(int family) {
  return unique_fd{::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
}

bool turn_on(const unique_fd& socket, int option) {
  const int on = 1;
  return ::setsockopt(socket.get(), SOL_SOCKET, option, &on, sizeof on) == 0;
}

result<unique_fd> bind_tcp(listen_address& where, bool first) {
  auto socket = make_socket(where.tcp.protocol().family());
  if (!socket || !turn_on(socket, SO_REUSEADDR))
    return fail(cannot_listen(where));
  // The first binds alone, so that a port in use is noticed: with the option set it would silently
  // share the port with another server of the same user.
  if ((!first && !turn_on(socket, SO_REUSEPORT))
      || ::bind(socket.get(), where.tcp.data(), static_cast<socklen_t>(where.tcp.size())) != 0
      || (first && !turn_on(socket, SO_REUSEPORT)) || ::listen(socket.get(), backlog) != 0)
    return fail(cannot_listen(where));
  auto size = static_cast<socklen_t>(where.tcp.capacity());
  if (::getsockname(socket.get(), where.tcp.data(), &size) != 0)
    return fail(cannot_listen(where));
  return socket;
}

/// A server that was killed leaves its file behind; one that runs answers.
result<> remove_dead_file(const listen_address& where, const sockaddr_un& name) {
  struct stat there {};
  if (::lstat(where.file.c_str(), &there) != 0)
    return errno == ENOENT ? result<>{} : fail(cannot_listen(where));
  if (!S_ISSOCK(there.st_mode))
    return fail(cannot_listen(where, "what is there is no socket"));
  const auto asking = make_socket(AF_UNIX);
  const auto* at = reinterpret_cast<const sockaddr*>(&name); // NOLINT: the interface of sockets
  if (!asking)
    return fail(cannot_listen(where));
  if (::connect(asking.get(), at, sizeof name) == 0 || errno != ECONNREFUSED)
    return fail(cannot_listen(where, "another server listens there"));
  if (::unlink(where.file.c_str()) != 0)
    return fail(cannot_listen(where));
  return {};
}

result<unique_fd> bind_file(const listen_address& where, mode_t mode) {
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  const auto text = where.file.string();
  if (text.size() >= sizeof name.sun_path)
    return fail(cannot_listen(where, "the path is too long for a socket"));
  std::memcpy(name.sun_path, text.c_str(), text.size() + 1);
  if (auto removed = remove_dead_file(where, name); !removed)
    return fail(removed.error());
  auto socket = make_socket(AF_UNIX);
  const auto* at = reinterpret_cast<const sockaddr*>(&name); // NOLINT: the interface of sockets
  // bind(2) gives the file the mode of the socket, less what umask takes; chmod(2) gives that back.
  if (!socket || ::fchmod(socket.get(), mode) != 0 || ::bind(socket.get(), at, sizeof name) != 0
      || ::chmod(text.c_str(), mode) != 0 || ::listen(socket.get(), backlog) != 0)
    return fail(cannot_listen(where));
  return socket;
}

} // namespace

result<listen_address> parse_listen(std::string_view text) {
  const auto refused = fail(errc::bad_request, "not an address and a port: " + std::string{text});
  if (text.starts_with(file_prefix)) {
    text.remove_prefix(file_prefix.size());
    if (!text.starts_with('/'))
      return refused;
    return listen_address{{}, std::filesystem::path{text}.lexically_normal()};
  }
  const auto colon = text.rfind(':');
  auto host = text.substr(0, colon);
  const auto port_text = colon == std::string_view::npos ? "" : text.substr(colon + 1);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  std::uint16_t port = 0;
  const auto* end = port_text.data() + port_text.size();
  const auto [stop, bad_port] = std::from_chars(port_text.data(), end, port);
  boost::system::error_code bad_host;
  const auto address = asio::ip::make_address(std::string{host}, bad_host);
  if (bad_host || port_text.empty() || bad_port != std::errc{} || stop != end)
    return refused;
  return listen_address{tcp::endpoint{address, port}, {}};
}

std::string to_string(const listen_address& a) {
  if (a.is_file())
    return std::string{file_prefix} + a.file.string();
  const auto host = a.tcp.address().to_string();
  return (a.tcp.address().is_v6() ? '[' + host + ']' : host) + ':' + std::to_string(a.tcp.port());
}

listener::listener(listen_address where, spoken what, unique_fd socket)
  : where_{std::move(where)}, what_{what}, socket_{std::move(socket)} {}

result<listener> listener::open(listen_address where, spoken what, bool first, mode_t mode) {
  auto socket = where.is_file() ? bind_file(where, mode) : bind_tcp(where, first);
  if (!socket)
    return fail(socket.error());
  listener made{std::move(where), what, std::move(*socket)};
  if (made.where_.is_file()) {
    made.is_first_ = unique_fd{::open(made.where_.file.parent_path().c_str(), O_PATH | O_CLOEXEC)};
    ::lstat(made.where_.file.c_str(), &made.made_);
  }
  return made;
}

result<listener> listener::again() const {
  if (!where_.is_file())
    return open(where_, what_, false, 0);
  unique_fd same{::fcntl(socket_.get(), F_DUPFD_CLOEXEC, 0)};
  if (!same)
    return fail(cannot_listen(where_));
  return listener{where_, what_, std::move(same)};
}

listener::~listener() {
  struct stat there {};
  if (!is_first_)
    return;
  const auto name = where_.file.filename();
  const bool is_own = ::fstatat(is_first_.get(), name.c_str(), &there, AT_SYMLINK_NOFOLLOW) == 0
                      && there.st_dev == made_.st_dev && there.st_ino == made_.st_ino;
  if (is_own)
    ::unlinkat(is_first_.get(), name.c_str(), 0);
}

} // namespace mediad::net
