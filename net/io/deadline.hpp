#pragma once

#include "net/io/alarm.hpp"
#include "net/io/client_stream.hpp"

#include <chrono>

namespace mediad::net {

/// Cancels what is under way on a stream when time is up, and leaves the stream usable, so that the
/// client can be told: the stream's own limit closes it.
class deadline {
public:
  /// @param stream  outlives the deadline; both belong to one I/O thread.
  explicit deadline(client_stream& stream);

  /// Replaces the stream's own limit, too.
  void set(std::chrono::milliseconds from_now);
  void clear();
  /// The last one that was set has passed.
  bool passed() const;

private:
  client_stream& stream_;
  alarm alarm_;
};

} // namespace mediad::net
