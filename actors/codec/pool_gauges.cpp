#include "actors/codec/pool_gauges.hpp"

namespace mediad::actors {

pool_gauges::pool_gauges(metrics::registry& all) {
  for (const auto which : {lane::preview, lane::batch}) {
    const metrics::labels with{{"lane", to_string(which)}};
    lanes_.emplace(
      which,
      lane_numbers{
        all.add_gauge("mediad_lane_slots", "Jobs that may run at once in a lane.", with),
        all.add_gauge("mediad_jobs_running", "Jobs of a lane that run now.", with),
        all.add_gauge("mediad_jobs_waiting", "Jobs of a lane that wait for a slot.", with),
        all.add_gauge("mediad_jobs_stopped",
                      "Jobs of a lane that stand still while others have short ones.", with)});
  }
  for (const auto kind :
       {media::worker_kind::light, media::worker_kind::deep_image, media::worker_kind::av,
        media::worker_kind::document, media::worker_kind::office}) {
    const metrics::labels with{{"kind", std::string{media::to_string(kind)}}};
    workers_.emplace(
      kind, worker_numbers{
              all.add_gauge("mediad_workers", "Worker processes of the lanes.", with),
              all.add_gauge("mediad_workers_busy", "Worker processes that do a job now.", with)});
  }
}

void pool_gauges::tell(lane which, const lane_load& load) const {
  const auto& numbers = lanes_.at(which);
  numbers.slots.store(load.slots, std::memory_order_relaxed);
  numbers.running.store(load.running, std::memory_order_relaxed);
  numbers.waiting.store(load.waiting, std::memory_order_relaxed);
  numbers.stopped.store(load.stopped, std::memory_order_relaxed);
}

void pool_gauges::tell(media::worker_kind kind, const worker_load& load) const {
  const auto& numbers = workers_.at(kind);
  numbers.processes.store(load.processes, std::memory_order_relaxed);
  numbers.busy.store(load.busy, std::memory_order_relaxed);
}

} // namespace mediad::actors
