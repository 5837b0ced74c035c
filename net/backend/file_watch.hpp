#pragma once

#include "base/error.hpp"
#include "net/backend/services.hpp"
#include "net/io/stop_signal.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace mediad::net {

/// Subscribes to the stored events of some files. Start the watch before reading the records: then
/// no event between reading and waiting is missed.
class file_watch {
public:
  using clock = std::chrono::steady_clock;

  /// @param files  not empty.
  static boost::asio::awaitable<result<file_watch>> start(services& shared, std::string user,
                                                          std::vector<std::string> files);
  file_watch(file_watch&&) noexcept;
  file_watch& operator=(file_watch&&) noexcept;
  ~file_watch();

  /// Waits for an event; one that came since the last call counts.
  /// @returns false at @p until, and once @p stopping is raised.
  boost::asio::awaitable<bool> changed(clock::time_point until, stop_signal& stopping);

private:
  struct subscription;
  explicit file_watch(std::shared_ptr<subscription> e);
  std::shared_ptr<subscription> subscription_;
};

} // namespace mediad::net
