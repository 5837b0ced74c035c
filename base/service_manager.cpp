#include "base/service_manager.hpp"

#include "base/file.hpp"

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <sys/socket.h>
#include <sys/un.h>

namespace mediad {

void tell_service_manager(std::string_view state) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): no thread changes the environment.
  const auto* name = std::getenv("NOTIFY_SOCKET");
  sockaddr_un to{};
  const std::size_t length = name == nullptr ? 0 : std::strlen(name);
  if (length < 2 || length >= sizeof to.sun_path || (*name != '/' && *name != '@'))
    return;
  to.sun_family = AF_UNIX;
  std::memcpy(&to.sun_path, name, length);
  // `@` stands for the zero byte of a name in the abstract namespace.
  if (*name == '@')
    to.sun_path[0] = '\0';
  const unique_fd fd{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  if (fd)
    static_cast<void>(::sendto(fd.get(), state.data(), state.size(), MSG_DONTWAIT | MSG_NOSIGNAL,
                               reinterpret_cast<const sockaddr*>(&to),
                               static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length)));
}

} // namespace mediad
