#pragma once

#include "actors/protocol.hpp"
#include "base/metrics.hpp"
#include "net/access/authenticator.hpp"
#include "net/access/signing_keys.hpp"
#include "storage/view.hpp"

#include <caf/actor_system.hpp>
#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace mediad::net {

/// What the HTTP side talks to: actors, and the storage as a reader sees it. Tests pass fakes here.
struct backend_handles {
  caf::actor_system* system = nullptr; ///< Outlives the server.
  dispatcher_actor dispatcher;
  storage_actor storage;
  notifier_actor notifier;
  storage::view files;
  early_previews_actor early_previews{}; ///< Null: no preview is made while its file arrives.
  /// Where the server registers what it counts, and what /metrics tells. Never null.
  std::shared_ptr<metrics::registry> metrics = std::make_shared<metrics::registry>();
  /// What the server has and does now, as `mediad status --json` tells it; takes its time. Empty:
  /// nothing is told. @param urls  as net::server::urls() tells them.
  std::function<result<nlohmann::json>(const std::vector<std::string>& urls)> status{};
  /// What `/readyz?verbose` tells of the work behind the scenes, in lines; may be empty.
  std::function<std::string()> upkeep{};
  /// Id of the user who owns all files while no account has a password.
  std::string everybody{};
  /// Signs addresses and tickets. Never null; by default what it signs ends with the process.
  std::shared_ptr<signing_keys> keys = std::make_shared<signing_keys>();
  authenticator who_asks{}; ///< Empty: callers are known by what the storage has of them.
};

} // namespace mediad::net
