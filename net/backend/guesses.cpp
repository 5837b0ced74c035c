#include "net/backend/guesses.hpp"

#include "net/backend/neighbourhood.hpp"

#include <algorithm>
#include <utility>

namespace mediad::net {

guesses::pair guesses::pair_of(const std::string& name, const std::string& address) {
  constexpr std::size_t longest_name = 64; // of a user is shorter
  return {name.substr(0, longest_name), neighbourhood_of(address)};
}

/// Twice as long each time, from one second on.
std::chrono::seconds guesses::wait_after(std::size_t wrong) {
  if (wrong < free_tries)
    return std::chrono::seconds{0};
  constexpr std::size_t enough = 20; // doublings, far beyond the longest wait
  return std::min(longest_wait, std::chrono::seconds{1U << std::min(wrong - free_tries, enough)});
}

std::chrono::seconds guesses::wait_of(const std::string& name, const std::string& address) const {
  const std::lock_guard lock{mutex_};
  const auto known = pairs_.find(pair_of(name, address));
  if (known == pairs_.end())
    return std::chrono::seconds{0};
  const auto until = known->second.last + wait_after(known->second.wrong);
  return std::max(std::chrono::seconds{0}, std::chrono::ceil<std::chrono::seconds>(until - now_()));
}

void guesses::was_wrong(const std::string& name, const std::string& address) {
  const std::lock_guard lock{mutex_};
  auto& known = pairs_[pair_of(name, address)];
  if (now_() - known.last > longest_wait)
    known.wrong = 0;
  ++known.wrong;
  known.last = now_();
  if (pairs_.size() > max_pairs)
    forget_some();
}

void guesses::was_right(const std::string& name, const std::string& address) {
  const std::lock_guard lock{mutex_};
  pairs_.erase(pair_of(name, address));
}

void guesses::forget_some() {
  const auto oldest =
    std::min_element(pairs_.begin(), pairs_.end(),
                     [](const auto& a, const auto& b) { return a.second.last < b.second.last; });
  pairs_.erase(oldest);
}

} // namespace mediad::net
