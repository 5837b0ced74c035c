#pragma once

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include <chrono>
#include <memory>

namespace mediad::net {

/// Cancels what is under way on a stream when time is up, and leaves the stream usable, so that the
/// client can be told: Beast's own timer closes it. Moving the deadline costs next to nothing, for
/// the timer is left running and looks again when it goes off.
class deadline {
public:
  /// @param stream  outlives the deadline; both belong to one I/O thread.
  explicit deadline(boost::beast::tcp_stream& stream);
  deadline(const deadline&) = delete;
  deadline& operator=(const deadline&) = delete;
  ~deadline();

  /// Replaces Beast's deadline, too.
  void set(std::chrono::milliseconds from_now);
  void clear();
  /// The last one that was set has passed.
  bool passed() const;

private:
  struct watch;
  std::shared_ptr<watch> watch_;
};

} // namespace mediad::net
