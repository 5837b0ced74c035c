#pragma once

#include "actors/codec/worker.hpp"
#include "actors/protocol.hpp"
#include "actors/settings.hpp"
#include "base/metrics.hpp"

#include <caf/actor_system.hpp>

#include <functional>
#include <memory>

namespace mediad::actors {

struct codec_pool_deps {
  /// Makes one more worker of a kind for a lane; the process itself may start later.
  std::function<codec_worker(media::worker_kind, lane)> make_worker;
  std::uint32_t warm_offices = 1; ///< Workers with a LibreOffice that stay in the preview lane.
  /// Where the pool tells of its lanes and workers. Never null.
  std::shared_ptr<metrics::registry> metrics = std::make_shared<metrics::registry>();
};

/// Runs codec jobs in worker processes. Each lane has its own slots and workers, so that nothing
/// in the batch lane can hold up a preview. A job that has used its lane's deadline of processor
/// time, and no less by the clock, or ten times that by the clock alone, is killed and answered
/// with errc::timeout. Workers are made when first needed and kept warm; those of the preview lane
/// are started at once. An idle one gives its memory back after a while, but for the last of its
/// kind in the preview lane.
codec_pool_actor spawn_codec_pool(caf::actor_system& sys, lane_settings settings,
                                  codec_pool_deps deps);

} // namespace mediad::actors
