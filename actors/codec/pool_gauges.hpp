#pragma once

#include "actors/protocol.hpp"
#include "base/metrics.hpp"

#include <cstdint>
#include <map>

namespace mediad::actors {

/// What /metrics and `mediad status` hear of the pool.
class pool_gauges {
public:
  struct lane_load {
    std::uint64_t slots = 0; ///< Jobs that may run at once.
    std::uint64_t running = 0;
    std::uint64_t waiting = 0; ///< To begin.
    std::uint64_t stopped = 0; ///< Begun, and interrupted by short jobs of other users.
  };

  struct worker_load {
    std::uint64_t processes = 0;
    std::uint64_t busy = 0;
  };

  /// Registers a number for each lane and each kind of worker in @p all, which outlives this.
  explicit pool_gauges(metrics::registry& all);

  void tell(lane which, const lane_load& load) const;
  void tell(media::worker_kind kind, const worker_load& load) const;

private:
  struct lane_numbers {
    metrics::number& slots;
    metrics::number& running;
    metrics::number& waiting;
    metrics::number& stopped;
  };
  struct worker_numbers {
    metrics::number& processes;
    metrics::number& busy;
  };

  std::map<lane, lane_numbers> lanes_;
  std::map<media::worker_kind, worker_numbers> workers_;
};

} // namespace mediad::actors
