#include "net/people/sessions.hpp"

#include "net/access/credentials.hpp"
#include "net/backend/backend.hpp"
#include "net/backend/services.hpp"
#include "net/http/cors.hpp"
#include "net/http/forwarded.hpp"
#include "net/http/json_body.hpp"
#include "net/http/noted.hpp"
#include "net/people/guessing.hpp"
#include "net/people/items.hpp"

namespace mediad::net::people {

namespace {

constexpr problem wrong_password{401, "wrong_password", "The name or the password is wrong."};

constexpr std::size_t max_agent = 200; ///< Bytes kept of `User-Agent`.

cookie_place place_of_cookie(const exchange& x) {
  return {own_origin(x).starts_with("https://"), x.options().base_path};
}

/// Makes a session of a user who has just given the password.
/// @returns the `Set-Cookie` line.
asio::awaitable<result<std::string>> begin_session(exchange& x, std::string user) {
  auto [row, text] = make_credential(std::move(user), credential_kind::session);
  row.used_at = row.proved_at = row.created_at;
  row.expires_at = row.created_at + std::chrono::milliseconds{session_idle}.count();
  row.address = client_address(x);
  row.agent = x.field("User-Agent").value_or("").substr(0, max_agent);
  storage::new_credential made{std::move(row)};
  const auto done = co_await apply_change(x.shared(), std::move(made));
  if (!done)
    co_return fail(done.error());
  co_return cookie_line(text, place_of_cookie(x));
}

/// The session that the request shows beside the password, if there is one: the new one replaces
/// it.
asio::awaitable<void> end_former_session(exchange& x) {
  const auto who = x.shared().deps.who_asks(x.request());
  if (!who || who->by != known_by::session)
    co_return;
  storage::credential_removal removal{who->user, who->credential};
  static_cast<void>(co_await apply_change(x.shared(), std::move(removal)));
}

asio::awaitable<void> send_signed_in(exchange& x, result<std::string> cookie) {
  if (!cookie)
    co_return co_await send_refusal(x, cookie.error());
  x.add_to_answer("Set-Cookie", *cookie);
  x.add_to_answer("Cache-Control", "no-store");
  co_await x.send_empty(http::status::no_content);
}

/// The user of that name; one without an id or a password if there is none.
result<user_row> find_signing_in(const exchange& x, const std::string& name) {
  const auto id = x.storage().find_user(name);
  if (!id && id.error().code == errc::not_found)
    return user_row{};
  return id ? x.storage().find_user_by_id(*id) : fail(id.error());
}

} // namespace

asio::awaitable<void> sign_in(exchange& x) {
  const auto body = co_await read_json(x);
  if (!body)
    co_return;
  const auto name = text_of(*body, "name");
  const auto password = text_of(*body, "password");
  if (!name)
    co_return co_await refuse_body(x, name.error().detail);
  if (!password)
    co_return co_await refuse_body(x, password.error().detail);
  const auto user = find_signing_in(x, *name);
  if (!user)
    co_return co_await x.send_problem(user.error());
  shown_password shown{*name, user->password, *password};
  shown.may_be_right = user->disabled_at == 0;
  shown.about = user->name;
  const auto is_right = co_await try_password(x, std::move(shown));
  if (!is_right)
    co_return;
  if (!*is_right)
    co_return co_await x.send_problem(wrong_password);
  co_await end_former_session(x);
  auto cookie = co_await begin_session(x, user->id);
  end_all_but_this(x);
  if (cookie)
    note_as(x, user->id, user->name, audit_act::signed_in);
  co_await send_signed_in(x, std::move(cookie));
}

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
  shown_password shown{user->name, user->password, *old};
  shown.about = user->name;
  const auto is_right = co_await try_password(x, std::move(shown));
  if (!is_right)
    co_return;
  if (!*is_right)
    co_return co_await x.send_problem(forbidden, "The old password is wrong.");
  auto hash = co_await x.shared().desk.hash(*wanted);
  if (!hash)
    co_return co_await send_desk_refusal(x, hash.error());
  storage::user_change change{user->id};
  change.password = *std::move(hash);
  const auto done = co_await apply_change(x.shared(), std::move(change));
  if (!done)
    co_return co_await x.send_problem(done.error());
  note(x, audit_act::password_changed);
  auto cookie = co_await begin_session(x, user->id);
  end_all_but_this(x);
  co_await send_signed_in(x, std::move(cookie));
}

} // namespace mediad::net::people
