#pragma once

#include <chrono>
#include <thread>

namespace mediad::tests {

/// What @p look sees as soon as @p is_awaited holds for it, else what it sees after five seconds:
/// for what the server does behind its answer.
template <class Look, class Predicate>
auto eventually(Look look, Predicate is_awaited) {
  using namespace std::chrono_literals;
  auto seen = look();
  for (int i = 0; i < 100 && !is_awaited(seen); ++i) {
    std::this_thread::sleep_for(50ms);
    seen = look();
  }
  return seen;
}

} // namespace mediad::tests
