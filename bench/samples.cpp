#include "bench/samples.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace mediad::bench {

namespace {

double milliseconds(samples::clock::duration d) {
  return std::chrono::duration<double, std::milli>{d}.count();
}

} // namespace

void samples::add_failure(std::string_view why) {
  if (failures_++ == 0)
    why_ = why;
}

nlohmann::ordered_json samples::summary(clock::duration elapsed) const {
  auto sorted = took_;
  std::sort(sorted.begin(), sorted.end());
  // The nearest rank: the smallest sample that so many per cent do not exceed.
  const auto rank = [&sorted](std::size_t percent) {
    return sorted.empty() ? 0.0 : milliseconds(sorted[(sorted.size() * percent + 99) / 100 - 1]);
  };
  const std::chrono::duration<double> seconds = elapsed;
  nlohmann::ordered_json out;
  out["done"] = sorted.size();
  out["seconds"] = seconds.count();
  out["per_second"] = static_cast<double>(sorted.size()) / seconds.count();
  out["p50_ms"] = rank(50);
  out["p99_ms"] = rank(99);
  out["max_ms"] = rank(100);
  out["failures"] = failures_;
  if (failures_ > 0)
    out["first_failure"] = why_;
  return out;
}

} // namespace mediad::bench
