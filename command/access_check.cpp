#include "command/checks.hpp"
#include "command/counts.hpp"
#include "config/listen.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace mediad::command {

namespace {

void check_address(const net::settings& s, bool signs_in, report& r) {
  if (config::is_loopback(s.listen))
    return r.ok("address", s.listen + ", which this machine alone can reach");
  if (!signs_in)
    return r.failed("address", s.listen
                                 + " can be reached by others, and nobody signs in: mediad "
                                   "user add NAME --admin --password-stdin");
  r.unwise("address", s.listen
                        + " can be reached by others; passwords and tokens go there in the "
                          "clear unless a proxy in front speaks TLS");
}

void check_origins(const net::settings& s, bool signs_in, report& r) {
  const bool any =
    std::find(s.allowed_origins.begin(), s.allowed_origins.end(), "*") != s.allowed_origins.end();
  if (any && !signs_in)
    r.unwise("web pages", "server.allowed_origins has *: every page that a browser of this machine "
                          "opens may read and delete all files");
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
  check_address(s.net, signs_in, r);
  check_origins(s.net, signs_in, r);
  if (signs_in)
    return check_people(people, r);
  r.ok("people", "nobody signs in: whoever uses this machine may read and delete all files");
}

} // namespace mediad::command
