#include "media/worker/sandbox/landlock.hpp"

#include <cerrno>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace mediad::media::sandbox {
namespace {

// Debian 12's <linux/landlock.h> ends at version 2 of the interface; newer kernels have more to
// forbid. The values are those of the kernel's include/uapi/linux/landlock.h.
struct ruleset_attributes {
  std::uint64_t handled_access_fs = 0;
  std::uint64_t handled_access_net = 0; ///< Exists from version 4 on.
  std::uint64_t scoped = 0;             ///< Exists from version 6 on.
};

struct [[gnu::packed]] path_beneath_attributes {
  std::uint64_t allowed_access = 0;
  std::int32_t parent_fd = -1;
};

constexpr std::uint64_t bit(unsigned n) {
  return std::uint64_t{1} << n;
}

constexpr auto execute = bit(0);
constexpr auto write_file = bit(1);
constexpr auto read_file = bit(2);
constexpr auto read_directory = bit(3);
constexpr auto remove_directory = bit(4);
constexpr auto remove_file = bit(5);
constexpr auto make_directory = bit(7);
constexpr auto make_regular = bit(8);
constexpr auto make_socket = bit(9);
constexpr auto refer = bit(13);
constexpr auto truncate = bit(14);

constexpr auto tcp = bit(0) | bit(1);     // bind, connect
constexpr auto outside = bit(0) | bit(1); // abstract UNIX sockets, signals

constexpr unsigned version_flag = 1;
constexpr int path_beneath = 1;

// How many file rights each version knows.
std::uint64_t known_rights(int abi) {
  if (abi >= 5)
    return bit(16) - 1;
  if (abi >= 3)
    return bit(15) - 1;
  return bit(abi == 2 ? 14 : 13) - 1;
}

std::uint64_t rights_of(file_access what) {
  switch (what) {
  case file_access::read: return read_file | read_directory;
  case file_access::execute: return read_file | read_directory | execute;
  case file_access::listen: return make_socket | remove_file;
  case file_access::work: break;
  }
  return write_file | read_file | read_directory | remove_directory | remove_file | make_directory
         | make_regular | make_socket | refer | truncate;
}

bool is_directory(int path) {
  struct stat facts {};
  return ::fstat(path, &facts) == 0 && S_ISDIR(facts.st_mode);
}

} // namespace

int landlock_rules::abi() {
  const auto version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, version_flag);
  return version > 0 ? static_cast<int>(version) : 0;
}

result<landlock_rules> landlock_rules::make() {
  const auto version = abi();
  ruleset_attributes attributes;
  attributes.handled_access_fs = known_rights(version);
  std::size_t known = sizeof attributes.handled_access_fs;
  if (version >= 4) {
    attributes.handled_access_net = tcp;
    known += sizeof attributes.handled_access_net;
  }
  if (version >= 6) {
    attributes.scoped = outside;
    known += sizeof attributes.scoped;
  }
  unique_fd fd{static_cast<int>(::syscall(SYS_landlock_create_ruleset, &attributes, known, 0))};
  if (!fd)
    return fail_errno(errno, "landlock_create_ruleset");
  return landlock_rules{std::move(fd), version};
}

result<> landlock_rules::allow(int path, file_access what) {
  constexpr auto file_rights = execute | write_file | read_file | truncate;
  path_beneath_attributes rule;
  rule.allowed_access = rights_of(what) & known_rights(abi_);
  if (!is_directory(path))
    rule.allowed_access &= file_rights;
  rule.parent_fd = path;
  if (::syscall(SYS_landlock_add_rule, fd_.get(), path_beneath, &rule, 0) != 0)
    return fail_errno(errno, "landlock_add_rule");
  return {};
}

result<> landlock_rules::restrict_self() const {
  if (::syscall(SYS_landlock_restrict_self, fd_.get(), 0) != 0)
    return fail_errno(errno, "landlock_restrict_self");
  return {};
}

} // namespace mediad::media::sandbox
