#include "base/clock.hpp"
#include "command/checks.hpp"
#include "command/counts.hpp"
#include "config/listen.hpp"
#include "net/access/proxy_secret.hpp"
#include "net/io/listening.hpp"
#include "net/io/tls.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <initializer_list>
#include <string_view>

namespace mediad::command {

namespace {

constexpr unix_ms soon = std::chrono::milliseconds{std::chrono::hours{24 * 14}}.count();

void check_socket_file(const net::settings& s, const std::string& where, bool signs_in, report& r) {
  const auto told = where + ", with mode " + s.socket_mode;
  const bool is_open = (s.socket_mode.back() & 2) != 0; // of the octal digit for others
  if (is_open && !signs_in)
    return r.unwise("address", told
                                 + ": every user of this machine may read and delete all files;"
                                   " server.socket_mode says who may connect");
  r.ok("address", told);
}

void check_address(const net::settings& s, const std::string& where, net::spoken what,
                   bool signs_in, report& r) {
  const bool is_file = where.starts_with("unix:");
  const auto told = where
                    + (what == net::spoken::tls        ? " in TLS"
                       : what == net::spoken::redirect ? ", which leads to TLS"
                                                       : "");
  if (is_file)
    return check_socket_file(s, told, signs_in, r);
  if (config::is_loopback(where))
    return r.ok("address", told + ", which this machine alone can reach");
  if (!signs_in)
    return r.failed("address", told
                                 + " can be reached by others, and nobody signs in: mediad "
                                   "user add NAME --admin --password-stdin");
  if (what == net::spoken::plain)
    return r.unwise("address", told
                                 + " can be reached by others; passwords and tokens go there in "
                                   "the clear unless a proxy in front speaks TLS: "
                                   "server.tls_listen speaks it here");
  r.ok("address", told + " can be reached by others");
}

void check_addresses(const net::settings& s, bool signs_in, report& r) {
  for (const auto& one : s.listen)
    check_address(s, one, net::spoken::plain, signs_in, r);
  for (const auto& one : s.tls_listen)
    check_address(s, one, net::spoken::tls, signs_in, r);
  for (const auto& one : s.redirect_listen)
    check_address(s, one, net::spoken::redirect, signs_in, r);
  if (s.listen.empty() && s.tls_listen.empty())
    r.failed("address", "server.listen and server.tls_listen are both empty");
  if (s.allowed_hosts.empty() && !config::find_open_address(s).empty())
    r.unwise("names", "server.allowed_hosts is empty: others than this machine are answered with "
                      "421, whatever they call it");
}

void check_certificate(const net::settings& s, report& r) {
  if (s.tls_listen.empty()) {
    if (!s.redirect_listen.empty())
      r.failed("certificate", "server.redirect_listen leads nowhere without server.tls_listen");
    if (s.hsts_s > 0)
      r.unwise("certificate", "server.hsts is told only in TLS, of which this server speaks none");
    return;
  }
  if (s.tls_certificate.empty() || s.tls_key.empty())
    return r.failed("certificate",
                    "server.tls_listen needs server.tls_certificate and server.tls_key");
  net::tls_identity identity;
  const auto facts = identity.load(s.tls_certificate, s.tls_key);
  if (!facts)
    return r.failed("certificate", facts.error().detail);
  if (const auto open = net::find_open_key(s.tls_key); !open.empty())
    r.unwise("key", open);
  const auto told = s.tls_certificate.string() + ", for "
                    + (facts->names.empty() ? "no name" : facts->names) + ", until "
                    + to_rfc3339(facts->ends_at);
  const auto now = now_ms();
  if (facts->ends_at <= now || facts->begins_at > now)
    return r.failed("certificate",
                    told + (facts->ends_at <= now ? ": it has expired" : ": it is not valid yet"));
  if (facts->ends_at - now < soon)
    return r.unwise("certificate", told + ": it expires soon; SIGHUP has a new one read");
  r.ok("certificate", told);
}

void check_origins(const net::settings& s, bool signs_in, report& r) {
  const bool any =
    std::find(s.allowed_origins.begin(), s.allowed_origins.end(), "*") != s.allowed_origins.end();
  if (any && !signs_in)
    r.unwise("web pages", "server.allowed_origins has *: every page that a browser of this machine "
                          "opens may read and delete all files");
}

bool names(const net::settings& s, std::initializer_list<std::string_view> some) {
  return std::any_of(s.proxy_peers.begin(), s.proxy_peers.end(), [&](const std::string& one) {
    return std::find(some.begin(), some.end(), one) != some.end();
  });
}

/// Whoever can send the field from where it is believed is whom they like.
void check_proxy_names(const net::settings& s, bool signs_in, report& r) {
  if (s.proxy_header.empty())
    return;
  const auto told = "auth.proxy_header: callers are whom " + s.proxy_header + " says";
  if (!signs_in)
    return r.unwise("names by proxy", told
                                        + ", once there is an admin: mediad user add NAME "
                                          "--admin --password-stdin");
  if (s.proxy_peers.empty())
    return r.unwise("names by proxy", told + ", but auth.proxy_peers lists nobody to believe");
  if (names(s, {"0.0.0.0/0", "::/0"}))
    return r.unwise("names by proxy",
                    told
                      + ", and auth.proxy_peers lists every address: whoever reaches the server"
                        " may be anybody but an admin");
  if (!s.proxy_secret.empty()) {
    const auto secret = net::read_proxy_secret(s.proxy_secret);
    if (!secret)
      return r.failed("names by proxy", secret.error().detail);
    if (const auto open = net::find_open_key(s.proxy_secret); !open.empty())
      return r.unwise("names by proxy", open);
    return r.ok("names by proxy", told + " of proxies that show the secret");
  }
  if (names(s, {"127.0.0.1", "127.0.0.0/8", "::1", "unix"}))
    return r.unwise("names by proxy", told
                                        + ", but none on this machine is believed without "
                                          "auth.proxy_secret");
  r.unwise("names by proxy", told
                               + " of every program at these addresses: auth.proxy_secret has "
                                 "them show that they are the proxy");
}

void check_people(const nlohmann::json& counts, report& r) {
  const auto count = [&](const char* member) {
    return std::to_string(counts.value(member, std::uint64_t{0}));
  };
  const auto summary = count("may_sign_in") + " may sign in, " + count("admins")
                       + " of them as admins; " + count("tokens") + " tokens, "
                       + count("endless_tokens") + " of which never expire";
  if (count("admins") == "0")
    return r.unwise("people", summary + ": mediad user password NAME gives an admin a password");
  r.ok("people", summary);
}

} // namespace

void check_access(const config::settings& s, report& r) {
  r.section("Who may ask");
  const auto counts = find_counts(s.storage);
  const bool can_be_none =
    !counts && (counts.error().code == errc::not_found || counts.error().code == errc::conflict);
  if (!counts && !can_be_none)
    return r.failed("people", counts.error().detail);
  // One that is not there, or of a release before, knows nobody who signs in.
  const auto people =
    counts ? counts->value("people", nlohmann::json::object()) : nlohmann::json::object();
  const bool signs_in = people.value("wants_sign_in", false);
  check_addresses(s.net, signs_in, r);
  check_certificate(s.net, r);
  check_origins(s.net, signs_in, r);
  check_proxy_names(s.net, signs_in, r);
  if (signs_in)
    return check_people(people, r);
  r.ok("people", "nobody signs in: whoever uses this machine may read and delete all files");
}

} // namespace mediad::command
