#pragma once

#include "actors/protocol.hpp"
#include "actors/settings.hpp"
#include "base/clock.hpp"
#include "base/metrics.hpp"

#include <caf/actor_system.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace mediad::actors {

struct copier_deps {
  /// A program and its arguments: makes one copy and ends with 0, or says on standard error why it
  /// did not.
  std::vector<std::string> command;
  /// When the newest copy was made; 0: there is none.
  std::function<unix_ms()> newest;
  std::shared_ptr<metrics::registry> metrics;
};

/// Has a process of its own make a copy of the database once an interval: what reads all of a
/// database may meet what the disk has damaged, and the server must not. The first one comes as
/// soon as it is due, but not within the first minutes. One that failed is tried again within the
/// hour. The process ends with this actor.
copier_actor spawn_copier(caf::actor_system& sys, copier_settings settings, copier_deps deps);

} // namespace mediad::actors
