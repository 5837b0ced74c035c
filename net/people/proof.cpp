#include "net/people/proof.hpp"

#include "base/clock.hpp"

namespace mediad::net::people {

std::optional<problem> find_missing_proof(const exchange& x) {
  const auto& asker = x.asker();
  if (asker.by == known_by::nothing)
    return std::nullopt;
  if (asker.by == known_by::token)
    return session_needed;
  const auto session = x.storage().find_credential(asker.credential);
  const auto lasts = std::chrono::milliseconds{proof_lasts}.count();
  if (session && now_ms() - session->proved_at < lasts)
    return std::nullopt;
  return password_needed;
}

std::optional<problem> find_missing_leave(const exchange& x) {
  if (x.asker().by == known_by::token)
    return std::nullopt;
  return find_missing_proof(x);
}

} // namespace mediad::net::people
