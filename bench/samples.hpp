#pragma once

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mediad::bench {

/// What became of a run's requests.
class samples {
public:
  using clock = std::chrono::steady_clock;

  void add(clock::duration took) {
    took_.push_back(took);
  }
  /// Only the first reason is kept.
  void add_failure(std::string_view why);

  /// Rate, median, 99th percentile, longest, failures.
  nlohmann::ordered_json summary(clock::duration elapsed) const;

private:
  std::vector<clock::duration> took_;
  std::uint64_t failures_ = 0;
  std::string why_;
};

} // namespace mediad::bench
