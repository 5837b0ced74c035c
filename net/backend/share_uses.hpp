#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace mediad::net {

/// How often guests have opened shares since that was last written: a guest who opens one a
/// thousand times a second must not cost as many commits. A share that rests is forgotten, and so
/// is one that is gone. From any thread.
class share_uses {
public:
  using clock = std::chrono::steady_clock;

  static constexpr std::chrono::seconds between_writes{1};

  explicit share_uses(std::function<clock::time_point()> now = clock::now) : now_{std::move(now)} {}

  /// One more.
  /// @returns how many to write now; 0: none, as some were written a moment ago.
  std::uint64_t add(const std::string& share);
  /// Those of each share that have waited long enough to be written now, or if @p all of each.
  std::vector<std::pair<std::string, std::uint64_t>> take_due(bool all = false);
  /// Those that are not written yet.
  std::uint64_t waiting(const std::string& share) const;

  std::size_t size() const;

private:
  struct record {
    std::uint64_t waiting = 0;
    clock::time_point written;
  };

  std::function<clock::time_point()> now_;
  mutable std::mutex mutex_;
  std::map<std::string, record> shares_;
};

} // namespace mediad::net
