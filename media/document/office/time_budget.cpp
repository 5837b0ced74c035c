#include "media/document/office/time_budget.hpp"

#include "base/clock.hpp"
#include "media/document/office/process_tree.hpp"

#include <algorithm>

namespace mediad::media::office {
namespace {

constexpr std::chrono::milliseconds pause{200};

} // namespace

time_budget::time_budget(std::chrono::milliseconds limit)
  : limit_{std::max(limit, std::chrono::milliseconds{0})},
    begin_{std::chrono::steady_clock::now()},
    used_before_{processor_time_below()} {}

std::chrono::milliseconds time_budget::elapsed() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now()
                                                               - begin_);
}

bool time_budget::is_spent() const {
  // Several processors together may use it up sooner: that is no reason to be stricter.
  const auto so_far = elapsed();
  return so_far >= limit_
         && (so_far >= limit_ * clock_share || processor_time_below() - used_before_ >= limit_);
}

std::chrono::milliseconds time_budget::next_look() const {
  return std::max(pause, limit_ - elapsed());
}

} // namespace mediad::media::office
