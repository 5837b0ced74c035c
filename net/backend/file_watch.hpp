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

/// Hears of every stored event of some files from its making on, so: start a watch, then read the
/// records, then wait; nothing falls between.
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
  struct ear;
  explicit file_watch(std::shared_ptr<ear> e);
  std::shared_ptr<ear> ear_;
};

} // namespace mediad::net
