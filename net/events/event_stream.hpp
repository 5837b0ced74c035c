#pragma once

#include "net/access/caller.hpp"
#include "net/backend/services.hpp"
#include "net/events/session.hpp"
#include "net/io/client_stream.hpp"

#include <cstddef>

namespace mediad::net::events {

/// What a WebSocket and an SSE stream share: a session, the actor that hears for it, and the log.
/// Shared by the coroutines of one connection.
struct event_stream {
  event_stream(services& all, boost::asio::any_io_executor connection, caller who, interest wanted);

  /// Whether the caller may hear of a file: of any, or of what it has sent if it may not read.
  /// @returns the errors of find_own_file.
  result<> check_file(const std::string& id) const;

  /// Tells the notifier what to send from now on.
  boost::asio::awaitable<result<>> subscribe(event_filter filter);

  services& shared;
  const caller asker;
  std::shared_ptr<events::session> session;
  events::listener listener;
  log_reader log;
};

/// Bounds what the kernel keeps for one slow subscriber, by default 4 MiB: no limit of ours counts
/// it, and a stalled client would be noticed only once it is full.
void bound_send_buffer(client_stream& s);

} // namespace mediad::net::events
