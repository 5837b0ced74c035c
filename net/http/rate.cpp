#include "net/http/rate.hpp"

#include "net/backend/neighbourhood.hpp"
#include "net/backend/services.hpp"
#include "net/http/forwarded.hpp"

#include <algorithm>
#include <chrono>
#include <string>

namespace mediad::net {

namespace {

/// The seconds that an address, and a credential, must wait: zero if both may go on.
std::chrono::seconds wait_of(exchange& x) {
  const auto& asker = x.asker();
  const bool is_open = asker.by == known_by::nothing && !asker.user.empty();
  if (x.options().request_rate == 0 || is_open)
    return std::chrono::seconds{0};
  auto& shared = x.shared();
  const auto wait = shared.of_addresses.take(neighbourhood_of(client_address(x)));
  if (wait.count() > 0 || asker.credential.empty())
    return wait;
  return shared.of_credentials.take(asker.credential);
}

/// As draft-ietf-httpapi-ratelimit-headers says it, and beside that in the fields of its first
/// drafts, which more clients know.
answer make_rate_refusal(exchange& x, std::chrono::seconds wait) {
  auto told = problem_of(errc::too_many);
  told.retry_after_s = static_cast<unsigned>(wait.count());
  const auto burst = std::to_string(x.options().request_burst);
  const auto window =
    std::max(1U, x.options().request_burst / std::max(1U, x.options().request_rate));
  const auto seconds = std::to_string(wait.count());
  auto a = x.make_problem(told, "Too many requests came at once; wait a little.");
  a.set("RateLimit-Policy", "\"requests\";q=" + burst + ";w=" + std::to_string(window));
  a.set("RateLimit", "\"requests\";r=0;t=" + seconds);
  a.set("RateLimit-Limit", burst);
  a.set("RateLimit-Remaining", "0");
  a.set("RateLimit-Reset", seconds);
  return a;
}

} // namespace

std::optional<answer> refuse_hurried(exchange& x) {
  const auto wait = wait_of(x);
  if (wait.count() == 0)
    return std::nullopt;
  return make_rate_refusal(x, wait);
}

} // namespace mediad::net
