#include "actors/codec/memory_share.hpp"

#include <algorithm>
#include <thread>

namespace mediad::actors {

std::uint32_t batch_jobs(const lane_settings& lanes) {
  const auto cores = std::max(1U, std::thread::hardware_concurrency());
  return lanes.batch != 0 ? lanes.batch : std::max(1U, cores - 1);
}

std::uint64_t memory_share(const lane_settings& lanes, std::uint64_t memory) {
  constexpr std::uint64_t least = std::uint64_t{2} << 30U;
  // Early previews are left out: they are pictures, which limits.max_pixels keeps small.
  // In the batch lane as many jobs may stand still as may run.
  const std::uint64_t jobs = std::uint64_t{lanes.preview} + std::uint64_t{2} * batch_jobs(lanes);
  return std::max(least, memory / 4 * 3 / jobs);
}

} // namespace mediad::actors
