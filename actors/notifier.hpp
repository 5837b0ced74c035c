#pragma once

#include "actors/protocol.hpp"

#include <caf/actor_system.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace mediad::actors {

struct notifier_deps {
  /// `view::events_after`, or a fake.
  std::function<result<std::vector<event>>(std::uint64_t after, std::size_t limit)> events_after;
  /// Number of the newest event when the system starts; what came before is not fanned out.
  std::uint64_t newest = 0;
  /// Put before each path in the frames of events: `/media`, or empty.
  std::string base_path;
};

/// Fans events out in the order of their numbers, each once: a number seen before is dropped, and
/// one that skips some is held until those are read from the log.
notifier_actor spawn_notifier(caf::actor_system& sys, notifier_deps deps);

} // namespace mediad::actors
