#include "net/backend/share_uses.hpp"

#include <utility>

namespace mediad::net {

std::uint64_t share_uses::add(const std::string& share) {
  const std::lock_guard lock{mutex_};
  const auto now = now_();
  auto [at, is_new] = shares_.try_emplace(share);
  ++at->second.waiting;
  if (!is_new && now - at->second.written < between_writes)
    return 0;
  at->second.written = now;
  return std::exchange(at->second.waiting, 0);
}

std::vector<std::pair<std::string, std::uint64_t>> share_uses::take_due(bool all) {
  const std::lock_guard lock{mutex_};
  const auto now = now_();
  std::vector<std::pair<std::string, std::uint64_t>> due;
  for (auto at = shares_.begin(); at != shares_.end();) {
    auto& [share, uses] = *at;
    if (!all && now - uses.written < between_writes) {
      ++at;
    } else if (uses.waiting > 0) {
      due.emplace_back(share, std::exchange(uses.waiting, 0));
      uses.written = now;
      ++at;
    } else {
      at = shares_.erase(at);
    }
  }
  return due;
}

std::size_t share_uses::size() const {
  const std::lock_guard lock{mutex_};
  return shares_.size();
}

std::uint64_t share_uses::waiting(const std::string& share) const {
  const std::lock_guard lock{mutex_};
  const auto at = shares_.find(share);
  return at == shares_.end() ? 0 : at->second.waiting;
}

} // namespace mediad::net
