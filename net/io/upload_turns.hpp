#pragma once

#include "base/error.hpp"
#include "net/io/stop_signal.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace mediad::net {

/// The right to write to one upload, until its last owner drops it: each job that still writes
/// keeps a share.
struct upload_turn {
  /// The executor of the thread that took it.
  boost::asio::any_io_executor io;
  /// Raised on that thread when a newer request wants the upload: save what has come, and let go.
  stop_signal taken_over;
};

/// Decides which request may write to an upload: one at a time, and always the newest. A client
/// whose connection broke comes back on another one long before this end notices that the first is
/// dead. May be used from any I/O thread.
class upload_turns {
public:
  using turn = std::shared_ptr<upload_turn>;

  upload_turns();
  upload_turns(const upload_turns&) = delete;
  upload_turns& operator=(const upload_turns&) = delete;
  ~upload_turns();

  /// Tells the request that has the upload to let go, and waits for it, at most @p patience.
  /// @returns errc::busy after that time, and as soon as an even newer request wants it.
  boost::asio::awaitable<result<turn>> take(std::string id, std::chrono::milliseconds patience);

private:
  struct table;
  std::shared_ptr<table> table_; ///< Turns may outlive us while the server ends.
};

} // namespace mediad::net
