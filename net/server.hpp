#pragma once

#include "actors/protocol.hpp"
#include "base/error.hpp"
#include "net/settings.hpp"
#include "storage/view.hpp"

#include <caf/actor_system.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace mediad::net {

/// The handles the HTTP side talks to. Tests pass fakes here.
struct server_deps {
  caf::actor_system* system = nullptr; ///< Outlives the server.
  dispatcher_actor dispatcher;
  storage_actor storage;
  notifier_actor notifier;
  storage::view files;
  early_previews_actor early_previews{}; ///< Null: no preview is made while its file arrives.
  /// What /metrics says besides our own: Prometheus' text format, true as long as the server runs.
  std::string standing_metrics{};
};

/// The HTTP and WebSocket side: I/O threads, connections, sessions.
class server {
public:
  /// Binds and starts accepting; the threads run until stop().
  /// @returns errc::bad_request for a malformed listen address, storage_io if binding fails
  ///          (the detail names the address).
  static result<server> start(settings s, server_deps deps);

  server(server&&) noexcept;
  server& operator=(server&&) noexcept;
  ~server();

  /// `127.0.0.1:8080`, with the port that was really bound.
  std::string address() const;

  /// Stops accepting, gives running requests the grace period, closes WebSockets with 1001, joins
  /// the threads. Must be called before the actors stop.
  void stop();

private:
  struct parts;
  explicit server(std::unique_ptr<parts> p);
  std::unique_ptr<parts> parts_;
};

} // namespace mediad::net
