#include "actors/codec/processor_time.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <unistd.h>

namespace mediad::actors {
namespace {

/// Ticks of one process, if it belongs to the group; else 0. See proc(5), /proc/pid/stat.
std::int64_t ticks_of(const std::filesystem::path& process, pid_t leader) {
  std::ifstream file{process / "stat"};
  const std::string line{std::istreambuf_iterator<char>{file}, {}};
  // The second field, the name of the program, may itself have spaces and brackets.
  const auto after_name = line.rfind(')');
  if (after_name == std::string::npos)
    return 0;
  std::istringstream fields{line.substr(after_name + 1)};
  char state = 0;
  pid_t parent = 0;
  pid_t group = 0;
  fields >> state >> parent >> group;
  if (!fields || group != leader)
    return 0;
  std::string skipped;
  for (int field = 6; field < 14; ++field)
    fields >> skipped;
  std::int64_t user = 0;
  std::int64_t system = 0;
  std::int64_t user_of_children = 0;
  std::int64_t system_of_children = 0;
  fields >> user >> system >> user_of_children >> system_of_children;
  return fields ? user + system + user_of_children + system_of_children : 0;
}

bool is_number(const std::string& name) {
  return std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
}

} // namespace

std::chrono::milliseconds processor_time_below(pid_t leader) {
  std::int64_t ticks = 0;
  std::error_code failed;
  for (std::filesystem::directory_iterator entry{"/proc", failed}, end; !failed && entry != end;
       entry.increment(failed))
    if (const auto name = entry->path().filename().string();
        is_number(name) && name != std::to_string(leader))
      ticks += ticks_of(entry->path(), leader);
  const auto per_second = std::max<std::int64_t>(1, ::sysconf(_SC_CLK_TCK));
  return std::chrono::milliseconds{ticks * 1'000 / per_second};
}

} // namespace mediad::actors
