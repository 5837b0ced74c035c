#pragma once

#include "base/error.hpp"
#include "net/backend/services.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <memory>

namespace mediad::net {

/// One I/O thread: its own context, its own listening socket, and the connections that the kernel
/// gave it. Shares nothing with the others but services.
class reactor {
public:
  /// @param shared  outlives the reactor.
  /// @param first   asks whether the address is free and picks the port if it is 0; the others join
  ///                the port of the first.
  /// @returns errc::storage_io if binding fails.
  static result<reactor> listen(services& shared, boost::asio::ip::tcp::endpoint address,
                                bool first);
  reactor(reactor&&) noexcept;
  reactor& operator=(reactor&&) noexcept;
  /// join() must have returned, unless run() was never called.
  ~reactor();

  boost::asio::ip::tcp::endpoint address() const;

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
  explicit reactor(std::unique_ptr<parts> p);
  std::unique_ptr<parts> parts_;
};

} // namespace mediad::net
