#pragma once

#include "actors/protocol.hpp"
#include "actors/settings.hpp"

#include <caf/actor_system.hpp>

namespace mediad::actors {

/// Has the storage owner forget now and then what nobody came back for: expired uploads, old
/// request keys. The first time one interval after the start, so that clients that were cut off by
/// a restart find their uploads.
sweeper_actor spawn_sweeper(caf::actor_system& sys, sweeper_settings settings,
                            storage_actor storage);

} // namespace mediad::actors
