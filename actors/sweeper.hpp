#pragma once

#include "actors/protocol.hpp"
#include "actors/settings.hpp"

#include <caf/actor_system.hpp>

namespace mediad::actors {

/// Has the storage owner remove expired uploads and old request keys, once an interval. It begins
/// one interval after the start, so that clients that were cut off by
/// a restart find their uploads.
sweeper_actor spawn_sweeper(caf::actor_system& sys, sweeper_settings settings,
                            storage_actor storage);

} // namespace mediad::actors
