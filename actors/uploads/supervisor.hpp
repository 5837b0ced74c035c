#pragma once

#include "actors/protocol.hpp"
#include "actors/settings.hpp"

#include <caf/actor_system.hpp>

#include <functional>
#include <string>

namespace mediad::actors {

struct upload_deps {
  storage_actor storage;
  codec_pool_actor pool;
  early_previews_actor early_previews; ///< May be null.
  notifier_actor notifier;
  media::parameters parameters; ///< The job that identifies the body carries them.
  /// Spawns the processor for one attempt. Tests pass a fake here.
  std::function<processor_actor(profile kind, upload_actor upload)> make_processor;
  /// The work folder of a record's attempt.
  std::function<std::string(const file_record& record)> work_dir;
};

/// Spawns the supervisor of one upload: it drives the file from its last byte, or from where a
/// restart found it, to one terminal state, and quits. Every attempt is recorded before anything
/// is decoded; what may succeed later is tried again with doubling delays, max_attempts times.
upload_actor spawn_upload(caf::actor_system& sys, processing_settings settings, upload_deps deps);

} // namespace mediad::actors
