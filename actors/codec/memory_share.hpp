#pragma once

#include "actors/settings.hpp"

#include <cstdint>

namespace mediad::actors {

/// How many jobs of the batch lane may run at once: as set, or one less than there are cores, at
/// least 1.
std::uint32_t batch_jobs(const lane_settings& lanes);

/// Address space of one job where no setting says it, in bytes: three quarters of the memory shared
/// by all jobs that may be under way at once, those that stand still among them, so that all of
/// them together leave the server and the system theirs; at least 2 GiB, less than which
/// LibreOffice does not start with.
/// @param memory  mediad::machine_memory().
std::uint64_t memory_share(const lane_settings& lanes, std::uint64_t memory);

} // namespace mediad::actors
