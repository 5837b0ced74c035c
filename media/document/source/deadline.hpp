#pragma once

#include "base/error.hpp"

#include <chrono>
#include <future>
#include <string>
#include <thread>

namespace mediad::media {

/// What @p work returns, if that comes in time. poppler cannot be interrupted: at the limit its
/// thread is left behind, and ends with this process, which in a worker lives for one job. So
/// @p work must own all that it touches.
/// @param what the work, for the log.
/// @returns errc::too_large at the limit: the next attempt would take as long.
template <class T, class Work>
result<T> within(std::chrono::milliseconds limit, const std::string& what, Work work) {
  std::packaged_task<result<T>()> task{std::move(work)};
  auto made = task.get_future();
  std::thread{std::move(task)}.detach();
  if (made.wait_for(limit) != std::future_status::ready)
    return fail(errc::too_large,
                what + " takes longer than " + std::to_string(limit.count()) + " ms");
  return made.get(); // rethrows what it threw
}

} // namespace mediad::media
