#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <unordered_map>

namespace mediad::net {

/// How many requests a caller may send: a token bucket for each key, which holds as many as may
/// come at once and fills again with time. From any thread.
class rate_limiter {
public:
  using clock = std::chrono::steady_clock;

  /// Buckets that are kept. Beyond it those go that are full, and then those that rested longest:
  /// who has many addresses makes others forgotten, which costs these nothing.
  static constexpr std::size_t max_buckets = 20'000;

  /// @param per_second  requests that a bucket gains, above 0.
  /// @param at_once     requests that a full bucket holds, at least 1.
  rate_limiter(double per_second, double at_once,
               std::function<clock::time_point()> now = clock::now)
    : per_second_{per_second}, at_once_{at_once}, now_{std::move(now)} {}

  /// Takes one request out of the bucket.
  /// @returns zero, or if it is empty the seconds until there is one again, at least 1.
  std::chrono::seconds take(const std::string& key);

  std::size_t size() const;

private:
  struct bucket {
    double left = 0;
    clock::time_point last;
  };

  double left_of(const bucket& b, clock::time_point now) const;
  void forget_some(clock::time_point now);

  double per_second_;
  double at_once_;
  std::function<clock::time_point()> now_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, bucket> buckets_;
};

} // namespace mediad::net
