#pragma once

#include "actors/codec/worker.hpp"
#include "actors/protocol.hpp"
#include "actors/settings.hpp"

#include <caf/actor_system.hpp>

#include <functional>
#include <string>

namespace mediad::actors {

struct early_previews_deps {
  /// Makes one more light worker; the process itself may start later.
  std::function<codec_worker()> make_worker;
  media::parameters parameters; ///< Every job carries them.
  /// `view::work_dir` of attempt 0, which a file that may have an early preview begins with.
  std::function<std::string(const std::string& id)> work_dir;
};

/// Spawns the owner of the workers that decode files while they arrive, settings.at_once at a time.
/// An early preview is dropped when its upload stalls, restarts with different bytes, or is never
/// claimed.
early_previews_actor spawn_early_previews(caf::actor_system& sys, early_settings settings,
                                          early_previews_deps deps);

} // namespace mediad::actors
