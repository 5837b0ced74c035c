#include "media/job/sandbox_report.hpp"

#include <array>
#include <utility>

namespace mediad::media {
namespace {

std::string list_parts(const sandbox_report& report, bool there) {
  const std::array<std::pair<std::string, bool>, 6> parts{{
    {"no_new_privs", report.no_new_privileges},
    {"rlimits", report.resource_limits},
    {"seccomp", report.seccomp},
    {there ? "landlock (ABI " + std::to_string(report.landlock) + ")" : "landlock",
     report.landlock > 0},
    {"network namespace", report.network},
    {"process namespace", report.processes},
  }};
  std::string list;
  for (const auto& [name, is_there] : parts)
    if (is_there == there)
      list += (list.empty() ? "" : ", ") + name;
  return list;
}

} // namespace

std::string describe_parts(const sandbox_report& report) {
  return list_parts(report, true);
}

std::string describe_missing(const sandbox_report& report) {
  return list_parts(report, false);
}

} // namespace mediad::media
