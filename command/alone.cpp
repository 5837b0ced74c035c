#include "command/alone.hpp"

#include <cerrno>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace mediad::command {

namespace {

/// Before the first start any user may lay the folders out, as it may start the first server.
result<> is_ours(const storage::settings& s) {
  const auto file = s.root / "system/db/data.mdb";
  struct stat about {};
  if (::stat(file.c_str(), &about) != 0)
    return errno == ENOENT ? result<>{} : fail_errno(errno, "look at " + file.string());
  if (about.st_uid == ::geteuid())
    return {};
  return fail(errc::conflict, "no server runs, so run this as user " + std::to_string(about.st_uid)
                                + ", whose " + file.string() + " is");
}

} // namespace

result<storage::store> open_alone(const storage::settings& s) {
  if (auto ok = is_ours(s); !ok)
    return fail(ok.error());
  return storage::store::open(s);
}

} // namespace mediad::command
