#pragma once

#include "net/access/caller.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <list>
#include <memory>
#include <mutex>

namespace mediad::net {

/// The requests that are under way, with who sent them: once what a caller has shown is worth
/// nothing any more, its event streams and uploads end.
class live_callers {
public:
  /// One request. Its connection's executor runs everything of it but check().
  class request {
  public:
    request(live_callers& all, caller who, boost::asio::any_io_executor connection,
            std::function<void()> end);
    request(const request&) = delete;
    request& operator=(const request&) = delete;
    ~request();

    /// Sets what ends it from now on: a WebSocket has taken the socket, say.
    void ends_by(std::function<void()> end);

  private:
    friend class live_callers;
    struct state;
    live_callers& all_;
    std::shared_ptr<state> state_;
    std::list<std::shared_ptr<state>>::iterator mine_;
  };

  /// Ends every request whose caller @p still_counts refuses. From any thread; the ends follow on
  /// the executors of the connections.
  void check(const std::function<bool(const caller&)>& still_counts);

private:
  std::mutex mutex_;
  std::list<std::shared_ptr<request::state>> requests_;
};

} // namespace mediad::net
