#pragma once

#include <cstdint>
#include <filesystem>

namespace mediad {

/// Bytes of memory that this process and its children may use together: the machine's, or less
/// where a control group limits them (cgroups(7), version 2), as in a container.
/// @param groups  where the control groups are mounted.
std::uint64_t machine_memory(const std::filesystem::path& groups = "/sys/fs/cgroup");

} // namespace mediad
