#include "net/people/proxied.hpp"

#include "base/user_name.hpp"
#include "net/access/credentials.hpp"
#include "net/access/tickets.hpp"
#include "net/backend/backend.hpp"
#include "net/backend/services.hpp"
#include "net/http/noted.hpp"
#include "net/people/items.hpp"

#include <utility>

namespace mediad::net::people {

namespace {

bool shows_token(const exchange& x) {
  const auto shown = read_credential(x.request(), x.options().base_path);
  return read_ticket(x.request()) || (shown && shown->kind == credential_kind::token);
}

/// The session, if it is of the user of that name.
result<caller> check_name(exchange& x, const std::string& name, caller shown) {
  const auto user = x.storage().find_user_by_id(shown.user);
  if (!user)
    return fail(user.error());
  if (user->name == name)
    return shown;
  x.add_to_answer("Set-Cookie", cookie_line(std::nullopt, place_of_cookie(x)));
  return fail(errc::unauthenticated, "the session is of another name than the proxy says");
}

/// Makes a user of an unknown name, if that is wanted.
asio::awaitable<result<>> add_user(exchange& x, std::string name) {
  const auto known = x.storage().find_user(name);
  const bool is_unknown = !known && known.error().code == errc::not_found;
  if (!x.options().proxy_adds_users || !is_unknown || !is_user_name(name))
    co_return result<>{};
  storage::new_user wanted{name};
  const auto made = co_await apply_change(x.shared(), std::move(wanted));
  if (!made)
    co_return result<>{made.error()};
  note_as(x, made->id, name, audit_act::user_added);
  co_return result<>{};
}

} // namespace

asio::awaitable<result<caller>> find_proxied_caller(exchange& x, std::string name,
                                                    result<caller> shown) {
  const bool is_unknown = !shown && shown.error().code == errc::unauthenticated;
  // As long as nobody signs in, everybody is the one user.
  if ((!shown && !is_unknown) || shows_token(x) || (shown && shown->by == known_by::nothing))
    co_return shown;
  if (shown)
    co_return check_name(x, name, *std::move(shown));
  const auto added = co_await add_user(x, name);
  if (!added)
    co_return result<caller>{added.error()};
  co_return caller_of_name(x.storage(), name);
}

} // namespace mediad::net::people
