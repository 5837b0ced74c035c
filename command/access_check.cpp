#include "command/checks.hpp"
#include "config/listen.hpp"
#include "storage/store.hpp"

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

void check_people(const storage::view& stored, report& r) {
  const auto users = stored.users();
  if (!users)
    return r.failed("people", users.error().detail);
  const auto count = [&](auto is_one) {
    return std::to_string(std::count_if(users->begin(), users->end(), is_one));
  };
  const auto signs_in = [](const user_row& u) {
    return u.may_sign_in();
  };
  const auto is_admin = [](const user_row& u) {
    return u.may_sign_in() && u.role == user_role::admin;
  };
  const auto credentials = stored.all_credentials();
  if (!credentials)
    return r.failed("people", credentials.error().detail);
  std::size_t tokens = 0;
  std::size_t endless = 0;
  for (const auto& one : *credentials)
    if (one.kind == credential_kind::token) {
      ++tokens;
      endless += one.expires_at == 0 ? 1 : 0;
    }
  const auto summary = count(signs_in) + " may sign in, " + count(is_admin) + " of them as admins; "
                       + std::to_string(tokens) + " tokens, " + std::to_string(endless)
                       + " of which never expire";
  if (std::none_of(users->begin(), users->end(), is_admin))
    return r.unwise("people", summary + ": mediad user password NAME gives an admin a password");
  r.ok("people", summary);
}

} // namespace

void check_access(const config::settings& s, report& r) {
  r.section("Who may ask");
  const auto stored = storage::open_reader(s.storage);
  const auto wanted = stored ? stored->wants_sign_in() : result<bool>{false};
  if (!wanted)
    return r.failed("people", wanted.error().detail);
  check_address(s.net, *wanted, r);
  check_origins(s.net, *wanted, r);
  if (*wanted)
    return check_people(*stored, r);
  r.ok("people", "nobody signs in: whoever uses this machine may read and delete all files");
}

} // namespace mediad::command
