#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <stop_token>
#include <utility>

namespace mediad::storage {

/// Holds its thread back, so that it does no more than so much in a second.
class pace {
public:
  /// @param per_second  0: as much as it can.
  pace(std::uint64_t per_second, std::stop_token ending)
    : per_second_{per_second}, ending_{std::move(ending)} {}

  /// Counts @p amount as done, and waits if that was too fast.
  /// @returns false as soon as the thread is asked to end.
  bool spend(std::uint64_t amount) {
    spent_ += amount;
    // Short waits are no waits: the clock of a sleeping thread is coarse.
    if (per_second_ > 0 && spent_ * 20 >= per_second_)
      wait_until(next_
                 + std::chrono::duration_cast<clock::duration>(std::chrono::duration<double>(
                   static_cast<double>(spent_) / static_cast<double>(per_second_))));
    return !ending_.stop_requested();
  }

  /// @returns false as soon as the thread is asked to end.
  bool pause(std::chrono::milliseconds time) {
    sleep_until(clock::now() + time);
    return !ending_.stop_requested();
  }

private:
  using clock = std::chrono::steady_clock;

  void wait_until(clock::time_point then) {
    spent_ = 0;
    sleep_until(then);
    // What was not used in time is not made up for later.
    next_ = std::max(then, clock::now());
  }

  void sleep_until(clock::time_point then) {
    std::mutex guard;
    std::unique_lock lock{guard};
    std::condition_variable_any never;
    never.wait_until(lock, ending_, then, [] { return false; });
  }

  std::uint64_t per_second_;
  std::stop_token ending_;
  std::uint64_t spent_ = 0;
  clock::time_point next_ = clock::now();
};

} // namespace mediad::storage
