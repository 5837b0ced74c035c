#include "net/people/password.hpp"

#include "net/backend/backend.hpp"
#include "net/backend/services.hpp"
#include "net/http/json_body.hpp"
#include "net/http/noted.hpp"
#include "net/people/entering.hpp"
#include "net/people/guessing.hpp"
#include "net/people/items.hpp"

#include <utility>

namespace mediad::net::people {

namespace {

/// The asker has shown a link moments ago, or has no password, and so need not know one.
bool needs_no_password(const exchange& x, const user_row& user) {
  if (find_missing_proof(x))
    return false;
  const auto session = x.storage().find_credential(x.asker().credential);
  return session && (session->by_link || user.password.empty());
}

/// @returns whether the old password is right; false as well if the client has its answer.
asio::awaitable<bool> check_old(exchange& x, user_row user, std::string old) {
  shown_password shown{user.name, std::move(user.password), std::move(old)};
  shown.about = user.name;
  const auto is_right = co_await try_password(x, std::move(shown));
  if (is_right && !*is_right)
    co_await x.send_problem(forbidden, "The old password is wrong.");
  co_return is_right.value_or(false);
}

} // namespace

asio::awaitable<void> change_password(exchange& x) {
  if (x.asker().by != known_by::session)
    co_return co_await x.send_problem(session_needed);
  const auto body = co_await read_json(x);
  if (!body)
    co_return;
  const auto old = text_of(*body, "old");
  const auto wanted = text_of(*body, "new");
  if (!old)
    co_return co_await refuse_body(x, old.error().detail);
  if (!wanted)
    co_return co_await refuse_body(x, wanted.error().detail);
  const auto user = x.storage().find_user_by_id(x.asker().user);
  if (!user)
    co_return co_await x.send_problem(user.error());
  if (!old->empty() || !needs_no_password(x, *user)) {
    const bool is_right = co_await check_old(x, *user, *old);
    if (!is_right)
      co_return;
  }
  auto hash = co_await x.shared().desk.hash(*wanted);
  if (!hash)
    co_return co_await send_desk_refusal(x, hash.error());
  storage::user_change change{user->id};
  change.password = *std::move(hash);
  const auto done = co_await apply_change(x.shared(), std::move(change));
  if (!done)
    co_return co_await x.send_problem(done.error());
  note(x, audit_act::password_changed);
  auto cookie = co_await begin_session(x, user->id, false);
  end_all_but_this(x);
  co_await send_signed_in(x, std::move(cookie));
}

} // namespace mediad::net::people
