#include "base/machine.hpp"

#include "base/file.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <unistd.h>

namespace mediad {
namespace {

/// The path of this process's group below the mount: `/system.slice/mediad.service`.
std::string own_group() {
  const auto lines = read_file("/proc/self/cgroup", 64U << 10U);
  const std::string unified = "0::/";
  if (!lines)
    return {};
  const auto at = lines->starts_with(unified) ? 0 : lines->find('\n' + unified);
  if (at == std::string::npos)
    return {};
  const auto begin = lines->find(unified, at) + unified.size();
  return lines->substr(begin, lines->find('\n', begin) - begin);
}

/// @returns @p most, or the group's own limit if that is lower.
std::uint64_t limit_of(const std::filesystem::path& group, std::uint64_t most) {
  const auto text = read_file(group / "memory.max", 64); // a number of bytes, or `max`
  std::uint64_t bytes = 0;
  if (!text || std::from_chars(text->data(), text->data() + text->size(), bytes).ec != std::errc{})
    return most;
  return std::min(bytes, most);
}

} // namespace

std::uint64_t machine_memory(const std::filesystem::path& groups) {
  auto bytes = static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES))
               * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  // Each group is held to the limits of all those that it is in.
  auto group = groups / own_group();
  for (; group.has_relative_path() && group != groups; group = group.parent_path())
    bytes = limit_of(group, bytes);
  return limit_of(groups, bytes);
}

} // namespace mediad
