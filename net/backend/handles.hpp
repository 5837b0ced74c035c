#pragma once

#include "actors/protocol.hpp"
#include "storage/view.hpp"

#include <caf/actor_system.hpp>

#include <string>

namespace mediad::net {

/// What the HTTP side talks to: actors, and the storage as a reader sees it. Tests pass fakes here.
struct backend_handles {
  caf::actor_system* system = nullptr; ///< Outlives the server.
  dispatcher_actor dispatcher;
  storage_actor storage;
  notifier_actor notifier;
  storage::view files;
  early_previews_actor early_previews{}; ///< Null: no preview is made while its file arrives.
  /// What /metrics adds to the server's own counters, in Prometheus' text format. It does not
  /// change while the server runs.
  std::string standing_metrics{};
};

} // namespace mediad::net
