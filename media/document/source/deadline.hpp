#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <future>
#include <string>
#include <thread>

namespace mediad::media {

/// The processor time that this process has used so far.
inline std::chrono::milliseconds processor_time() {
  timespec used{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return std::chrono::seconds{used.tv_sec} + std::chrono::milliseconds{used.tv_nsec / 1'000'000};
}

/// What @p work returns, if that comes in time: @p limit counts the processor time of this process,
/// because on a busy machine the clock says nothing about the work; by the clock it may take
/// clock_share times as long. poppler cannot be interrupted: at the limit its thread is left
/// behind, and ends with this process, which in a worker lives for one job. So @p work must own all
/// that it touches.
/// @param what the work, for the log.
/// @returns errc::too_large at the limit: the next attempt would take as long.
template <class T, class Work>
result<T> within(std::chrono::milliseconds limit, const std::string& what, Work work) {
  std::packaged_task<result<T>()> task{std::move(work)};
  auto made = task.get_future();
  std::thread{std::move(task)}.detach();
  constexpr std::chrono::milliseconds pause{50};
  const auto used_before = processor_time();
  const auto last = std::chrono::steady_clock::now() + limit * clock_share;
  auto left = limit;
  while (made.wait_for(std::max(left, pause)) != std::future_status::ready
         && std::chrono::steady_clock::now() < last)
    if (left = limit - (processor_time() - used_before); left <= std::chrono::milliseconds{0})
      break;
  if (made.wait_for(std::chrono::milliseconds{0}) != std::future_status::ready)
    return fail(errc::too_large,
                what + " takes longer than " + std::to_string(limit.count()) + " ms");
  return made.get(); // rethrows what it threw
}

} // namespace mediad::media
