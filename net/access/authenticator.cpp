#include "net/access/authenticator.hpp"

#include "base/clock.hpp"
#include "base/password.hpp"
#include "net/access/credentials.hpp"
#include "net/access/tickets.hpp"

#include <utility>

namespace mediad::net {

namespace {

constexpr unix_ms between_notes = std::chrono::milliseconds{std::chrono::hours{1}}.count();

/// @returns errc::unauthenticated if there is no such credential, or its secret is another.
result<credential_row> find_shown(const storage::view& stored, const credential_text& shown) {
  auto known = stored.find_credential(shown.id);
  if (!known && known.error().code != errc::not_found)
    return known;
  if (!known || known->kind != shown.kind
      || !are_equal_secrets(known->digest, digest_of_secret(shown.secret)))
    return fail(errc::unauthenticated, "no such credential");
  return known;
}

} // namespace

authenticator by_credentials(storage::view stored, std::string local, std::string base_path,
                             std::function<void(const credential_row&)> in_use,
                             std::shared_ptr<const signing_keys> keys) {
  const auto everybody = caller{std::move(local), rights::all()};
  return [=](const http::request_header<>& head) -> result<caller> {
    if (const auto ticket = read_ticket(head); ticket && keys)
      return caller_of_ticket(stored, *keys, *ticket);
    const auto shown = read_credential(head, base_path);
    const auto known = shown ? find_shown(stored, *shown)
                             : fail(errc::unauthenticated, "the request shows no credential");
    // Browsers send a cookie to every port of a host: it may be another server's, or a former
    // one's.
    const bool may_be_anybody = !shown || shown->kind == credential_kind::session;
    if (!known && known.error().code == errc::unauthenticated && may_be_anybody) {
      const auto wanted = stored.wants_sign_in();
      if (!wanted)
        return fail(wanted.error());
      if (!*wanted)
        return everybody;
    }
    if (!known)
      return fail(known.error());
    auto who = caller_of(stored, *known);
    if (who && now_ms() - known->used_at >= between_notes)
      in_use(*known);
    return who;
  };
}

} // namespace mediad::net
