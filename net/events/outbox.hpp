#pragma once

#include "base/event.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mediad::net::events {

/// One frame on its way to a subscriber.
struct frame {
  std::uint64_t seq = 0; ///< 0: it has none.
  std::string text;
};

/// What one subscriber still has to get. The log in the database is the real queue: this holds the
/// few events that are on their way, and knows after which number the log must be read for more. So
/// a slow subscriber costs bounded memory and loses nothing: it merely goes back to the log.
///
/// Every wanted event after the start is popped once, in order, if these hold: the subscription at
/// the notifier is older than start(); each wanted event that the notifier announces reaches
/// push(); an event is in the log before it is announced; numbers in the log have no holes.
class outbox {
public:
  using predicate = std::function<bool(const event&)>;

  /// @param limit      events, live frames and replies that may wait, each; at least 1.
  /// @param base_path  put before each path in the frames.
  explicit outbox(std::size_t limit, std::string base_path = {})
    : limit_{limit}, base_path_{std::move(base_path)} {}

  /// Starts delivery after event @p after. Events up to and including @p newest are read from the
  /// log, and so is what was pushed before this call.
  void start(std::uint64_t after, std::uint64_t newest);

  /// A wanted event, from the notifier.
  void push(const event& e);
  /// A wanted live frame: replaces the one of its type and file that still waits. When too many
  /// files are live, the oldest frame goes; a stored event makes those of its file stale.
  void push(const live_event& e);
  /// An answer to something the client said, or another frame without a number; goes out first.
  /// @returns false if there is no room: wait until some have been popped.
  [[nodiscard]] bool reply(std::string text);

  /// True if nothing stored waits here, but the log has more.
  bool must_read() const {
    return behind() && stored_.empty();
  }
  /// Read the log after this number …
  std::uint64_t read_after() const {
    return tail_;
  }
  /// … at most this many events, all users' and all files' …
  std::size_t read_limit() const;
  /// … and hand over what came. If events have been trimmed that the client may have wanted, it
  /// gets a `gap` frame in their place.
  void fill(const std::vector<event>& page, const predicate& wanted);

  /// The next frame to send; nothing: wait for a push, or read the log.
  std::optional<frame> pop();

private:
  bool behind() const {
    return started_ && announced_ > tail_;
  }
  void append(const event& e);
  void append_gap();

  struct live_frame {
    std::string type;
    std::string file_id;
    std::string text;
  };

  std::size_t limit_;
  std::string base_path_;
  bool started_ = false;
  std::uint64_t tail_ = 0;      ///< All wanted events up to this one are here or were popped.
  std::uint64_t announced_ = 0; ///< The newest event known to exist.
  std::deque<std::string> replies_;
  std::deque<frame> stored_;
  std::deque<live_frame> live_;
};

} // namespace mediad::net::events
