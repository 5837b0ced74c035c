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

std::uint64_t share_uses::waiting(const std::string& share) const {
  const std::lock_guard lock{mutex_};
  const auto at = shares_.find(share);
  return at == shares_.end() ? 0 : at->second.waiting;
}

} // namespace mediad::net
