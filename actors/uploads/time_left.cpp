#include "actors/uploads/time_left.hpp"

#include <cmath>

namespace mediad::actors {
namespace {

constexpr double shortest_s = 1;

} // namespace

std::optional<std::int64_t> time_left::seconds(const stage_progress& newest, time_point now) {
  // A lower share than at its beginning: another attempt.
  if (newest.now_at != now_at_ || newest.fraction < began_with_) {
    now_at_ = newest.now_at;
    began_with_ = newest.fraction;
    began_ = now;
  }
  const double took_s = std::chrono::duration<double>(now - began_).count();
  const double came_on = newest.fraction - began_with_;
  if (took_s < shortest_s || came_on <= 0)
    return std::nullopt;
  return std::llround((1 - newest.fraction) * took_s / came_on);
}

} // namespace mediad::actors
