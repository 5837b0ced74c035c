#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace mediad::net {

/// Does something when a moment has come. Moving the moment costs next to nothing, for the timer is
/// left running and looks again when it goes off. Belongs to one I/O thread.
class alarm {
public:
  using clock = std::chrono::steady_clock;

  /// @param on_time  what it refers to outlives the alarm.
  alarm(boost::asio::any_io_executor executor, std::function<void()> on_time);
  alarm(const alarm&) = delete;
  alarm& operator=(const alarm&) = delete;
  ~alarm();

  void set(clock::time_point at);
  void clear();
  /// The last moment that was set has come.
  bool passed() const;

private:
  struct watch;
  std::shared_ptr<watch> watch_;
};

} // namespace mediad::net
