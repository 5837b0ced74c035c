#include "base/folder.hpp"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace mediad {

result<unique_fd> folder_entry::open(int flags, unsigned mode) const {
  if (name.empty() || name == "." || name == ".." || name.find('/') != std::string::npos)
    return fail(errc::bad_request, "no name in a folder: " + name);
  unique_fd opened{::openat(folder, name.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, mode)};
  if (!opened)
    return fail_errno(errno, "open " + name);
  return opened;
}

void folder_entry::remove() const {
  ::unlinkat(folder, name.c_str(), 0);
}

} // namespace mediad
