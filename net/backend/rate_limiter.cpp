#include "net/backend/rate_limiter.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace mediad::net {

double rate_limiter::left_of(const bucket& b, clock::time_point now) const {
  const std::chrono::duration<double> rested = now - b.last;
  return std::min(at_once_, b.left + rested.count() * per_second_);
}

std::chrono::seconds rate_limiter::take(const std::string& key) {
  const std::lock_guard lock{mutex_};
  const auto now = now_();
  auto known = buckets_.find(key);
  if (known == buckets_.end()) {
    if (buckets_.size() >= max_buckets)
      forget_some(now);
    known = buckets_.emplace(key, bucket{at_once_, now}).first;
  }
  auto& b = known->second;
  b.left = left_of(b, now);
  b.last = now;
  if (b.left >= 1) {
    b.left -= 1;
    return std::chrono::seconds{0};
  }
  const auto wait = std::ceil((1 - b.left) / per_second_);
  return std::chrono::seconds{std::max(1L, std::lround(wait))};
}

/// Full buckets, which are as good as new ones; if they are few, a quarter of all, those that
/// rested longest.
void rate_limiter::forget_some(clock::time_point now) {
  std::erase_if(buckets_, [&](const auto& one) { return left_of(one.second, now) >= at_once_; });
  if (buckets_.size() < max_buckets - max_buckets / 4)
    return;
  std::vector<clock::time_point> times;
  times.reserve(buckets_.size());
  for (const auto& one : buckets_)
    times.push_back(one.second.last);
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 4);
  std::nth_element(times.begin(), middle, times.end());
  std::erase_if(buckets_, [limit = *middle](const auto& one) { return one.second.last <= limit; });
}

std::size_t rate_limiter::size() const {
  const std::lock_guard lock{mutex_};
  return buckets_.size();
}

} // namespace mediad::net
