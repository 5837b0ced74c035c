#pragma once

#include "actors/protocol.hpp"

#include <chrono>
#include <optional>

namespace mediad::actors {

/// How much longer processing takes, by the speed of the stage that runs: the stages before it say
/// nothing of that.
class time_left {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Whole seconds; empty before a stage has run for a second and come on.
  std::optional<std::int64_t> seconds(const stage_progress& newest, time_point now);

private:
  stage now_at_ = stage::none;
  double began_with_ = 0;
  time_point began_;
};

} // namespace mediad::actors
