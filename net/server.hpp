#pragma once

#include "base/error.hpp"
#include "net/backend/handles.hpp"
#include "net/settings.hpp"

#include <memory>
#include <string>
#include <vector>

namespace mediad::net {

/// The HTTP and WebSocket side: I/O threads, connections, sessions.
class server {
public:
  /// Binds and starts accepting; the threads run until stop().
  /// @returns errc::bad_request for a malformed listen address, a certificate that cannot be used,
  ///          or settings that do not fit together; storage_io if binding fails (the detail names
  ///          the address).
  static result<server> start(settings s, backend_handles handles);

  server(server&&) noexcept;
  server& operator=(server&&) noexcept;
  ~server();

  /// The first address, `127.0.0.1:8080` or `unix:/run/http.sock`, with the port that was really
  /// bound; one in the clear if there is one.
  std::string address() const;
  /// All addresses in that order: `http://127.0.0.1:8080`, `https://[::]:443`,
  /// `unix:/run/http.sock`.
  const std::vector<std::string>& urls() const;

  /// Reads again what may change while it runs: certificate and key. If they cannot be used, those
  /// before stay. The log says how it went. From any thread.
  void reload();

  /// Ends requests whose callers have shown what counts no more. From any thread, after a change of
  /// users or credentials that did not come by HTTP.
  void check_callers();

  /// Stops accepting, gives running requests the grace period, closes WebSockets with 1001, joins
  /// the threads. Must be called before the actors stop.
  void stop();

private:
  struct parts;
  explicit server(std::unique_ptr<parts> p);
  std::unique_ptr<parts> parts_;
};

} // namespace mediad::net
