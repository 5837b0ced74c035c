#include "net/backend/identity.hpp"

#include "base/clock.hpp"
#include "base/log.hpp"

namespace mediad::net {

result<certificate_facts> load_identity(services& shared) {
  const auto& s = shared.options;
  auto facts = shared.identity.load(s.tls_certificate, s.tls_key);
  if (const auto open = find_open_key(s.tls_key); facts && !open.empty())
    log::warning("http", "server.tls_key: " + open);
  if (facts && facts->ends_at < now_ms())
    log::warning("http", "server.tls_certificate: " + s.tls_certificate.string() + " expired on "
                           + to_rfc3339(facts->ends_at));
  return facts;
}

result<std::optional<certificate_facts>> reload(services& shared) {
  if (!shared.identity.is_loaded()) {
    log::info("serve", "nothing to read again");
    return std::optional<certificate_facts>{};
  }
  auto now = load_identity(shared);
  if (!now) {
    log::error("serve", "the certificate before stays: " + now.error().detail);
    return fail(now.error());
  }
  log::info("serve", "a new certificate is in use; it ends on " + to_rfc3339(now->ends_at));
  return std::optional{*std::move(now)};
}

} // namespace mediad::net
