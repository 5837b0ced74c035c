#pragma once

#include "actors/protocol.hpp"
#include "base/error.hpp"
#include "net/events/interest.hpp"
#include "net/events/outbox.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <caf/actor_system.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace mediad::net::events {

/// `view::events_after`, or a fake.
using log_reader =
  std::function<result<std::vector<event>>(std::uint64_t after, std::size_t limit)>;

/// One subscriber, between the actor that hears for it and the connection that sends. Events go
/// from the actor's mailbox, which has no bound, straight into the outbox, which has one: that is
/// why two threads meet here, and why there is a mutex.
class session : public std::enable_shared_from_this<session> {
public:
  using clock = std::chrono::steady_clock;

  /// @param connection  runs one handler at a time: a strand, or a context with one thread.
  /// @param frames      where the frames wait; empty yet.
  session(boost::asio::any_io_executor connection, interest wanted, outbox frames);

  // These two may be called from any thread, also after close().
  void deliver(const event& e);
  void deliver(const live_event& e);

  // All below: on the connection's executor.

  /// Starts delivery after event @p after. Events up to and including @p newest are read from the
  /// log.
  void start(std::uint64_t after, std::uint64_t newest);

  /// Puts a frame without a number first in line; waits while too many replies wait already, so
  /// that a client which asks faster than it listens is not read from.
  boost::asio::awaitable<void> reply(std::string text);

  /// Changes what is wanted and gives what the notifier must know of it.
  /// @returns errc::too_large if the subscriber names too many files.
  result<event_filter> subscribe(const std::string& file);
  result<event_filter> unsubscribe(const std::string& file);
  event_filter filter() const;

  /// The next frame to send, as soon as there is one; reads the log if the outbox must be refilled.
  /// @returns nothing at @p until, or earlier after wake() or close(); the log's error.
  boost::asio::awaitable<result<std::optional<frame>>> next(const log_reader& log,
                                                            clock::time_point until);

  /// Makes next() return.
  void wake();

  /// Ends both waits and lets go of everything of Asio's, for the actor may outlive the context.
  void close();

private:
  /// One step of next(): true if it must be taken again at once.
  result<bool> read_log(const log_reader& log);
  void notify();

  mutable std::mutex mutex_;
  interest wanted_;
  outbox outbox_;
  bool notified_ = false;                   ///< A wake-up is on its way to the connection.
  boost::asio::any_io_executor connection_; ///< Empty once closed.

  // The connection's alone.
  std::optional<boost::asio::steady_timer> changed_;
  std::optional<boost::asio::steady_timer> room_;
  bool woken_ = false;
};

/// Spawns the actor that hears for a session. End it with an exit message after close().
session_actor spawn_session(caf::actor_system& system, std::shared_ptr<session> s);

/// Closes the session and ends its actor when it goes.
class listener {
public:
  listener(caf::actor_system& system, std::shared_ptr<session> s);
  listener(const listener&) = delete;
  listener& operator=(const listener&) = delete;
  ~listener();

  const session_actor& actor() const {
    return actor_;
  }

private:
  std::shared_ptr<session> session_;
  session_actor actor_;
};

} // namespace mediad::net::events
