#include "net/people/sessions.hpp"

#include "net/access/credentials.hpp"
#include "net/backend/backend.hpp"
#include "net/backend/services.hpp"
#include "net/http/json_body.hpp"
#include "net/http/noted.hpp"
#include "net/people/items.hpp"

namespace mediad::net::people {

asio::awaitable<void> sign_out(exchange& x) {
  if (x.asker().by == known_by::session) {
    storage::credential_removal removal{x.asker().user, x.asker().credential};
    const auto done = co_await apply_change(x.shared(), std::move(removal));
    if (!done && done.error().code != errc::not_found)
      co_return co_await x.send_problem(done.error());
    end_all_but_this(x);
    note(x, audit_act::signed_out);
  }
  x.add_to_answer("Set-Cookie", cookie_line(std::nullopt, place_of_cookie(x)));
  // The field clears all of the origin, of which others may have a part.
  if (x.options().base_path.empty())
    x.add_to_answer("Clear-Site-Data", R"("cache", "cookies", "storage")");
  co_await x.send_empty(http::status::no_content);
}

asio::awaitable<void> send_session(exchange& x) {
  const auto user = x.storage().find_user_by_id(x.asker().user);
  if (!user)
    co_return co_await x.send_problem(user.error());
  const auto used = x.storage().find_usage(user->id);
  if (!used)
    co_return co_await x.send_problem(used.error());
  const auto limit = user->quota != 0 ? user->quota : x.options().user_quota_bytes;
  nlohmann::ordered_json told;
  told["user"] = {{"id", user->id},
                  {"name", user->name},
                  {"display_name", user->display_name},
                  {"role", to_string(user->role)}};
  told["signed_in"] = x.asker().by != known_by::nothing;
  told["scopes"] = words_of(x.asker().may);
  told["quota"] = {{"used", used->held_bytes()}, {"limit", nullptr}};
  if (limit != 0)
    told["quota"]["limit"] = limit;
  co_await x.send_json(http::status::ok, told);
}

asio::awaitable<void> list_sessions(exchange& x) {
  co_await send_credentials(x, credential_kind::session);
}

asio::awaitable<void> end_other_sessions(exchange& x) {
  if (x.asker().by == known_by::token)
    co_return co_await x.send_problem(session_needed);
  const auto all = x.storage().credentials(x.asker().user);
  if (!all)
    co_return co_await x.send_problem(all.error());
  result<> done;
  for (const auto& one : *all) {
    if (one.kind != credential_kind::session || one.id == x.asker().credential)
      continue;
    storage::credential_removal removal{x.asker().user, one.id};
    const auto ended = co_await apply_change(x.shared(), std::move(removal));
    // It may have ended by itself meanwhile.
    if (!ended && ended.error().code != errc::not_found)
      done = fail(ended.error());
  }
  end_all_but_this(x);
  if (!done)
    co_return co_await x.send_problem(done.error());
  co_await x.send_empty(http::status::no_content);
}

asio::awaitable<void> end_session(exchange& x) {
  co_await end_credential(x, credential_kind::session);
}

} // namespace mediad::net::people
