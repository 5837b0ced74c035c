#pragma once

#include "net/backend/services.hpp"
#include "net/io/listening.hpp"

#include <memory>
#include <vector>

namespace mediad::net {

/// One I/O thread: its own context, its own listening sockets, and the connections that the kernel
/// gave it. Shares nothing with the others but services.
class reactor {
public:
  /// @param shared     outlives the reactor.
  /// @param listeners  open ones.
  reactor(services& shared, std::vector<listener> listeners);
  reactor(reactor&&) noexcept;
  reactor& operator=(reactor&&) noexcept;
  /// join() must have returned, unless run() was never called.
  ~reactor();

  /// Starts the thread.
  void run();
  /// Refuses new connections, closes idle ones, tells the others; those that are still there after
  /// options.grace are cut. From any thread; returns at once.
  void stop();
  /// Waits until the last connection has ended.
  void join();
  /// After join(), and once the disk threads have ended: runs what they left behind.
  void drain();

private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

} // namespace mediad::net
