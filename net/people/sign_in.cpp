#include "net/people/sign_in.hpp"

#include "net/access/credentials.hpp"
#include "net/access/sign_in_link.hpp"
#include "net/backend/backend.hpp"
#include "net/backend/services.hpp"
#include "net/http/forwarded.hpp"
#include "net/http/json_body.hpp"
#include "net/http/noted.hpp"
#include "net/people/items.hpp"

#include <utility>

namespace mediad::net::people {

namespace {

constexpr problem wrong_password{401, "wrong_password", "The name or the password is wrong."};
constexpr problem wrong_link{
  401, "wrong_link", "This link was used, or it is too old: ask for another one."};

constexpr std::size_t max_agent = 200; ///< Bytes kept of `User-Agent`.

/// What somebody shows who signs in; empty members were not in the body.
struct shown_secrets {
  std::string name;
  std::string password;
  std::string link;
};

/// A user who has shown enough.
struct entrant {
  user_row user;
  std::string guessed;     ///< Under which name wrong tries are counted.
  std::string link_digest; ///< Of the link that is spent by it; empty: by a password.
};

using maybe_entrant = std::optional<entrant>;

/// @returns errc::bad_request with a sentence for the client.
result<shown_secrets> read_shown(const nlohmann::json& body) {
  shown_secrets shown;
  for (const auto& [member, target] :
       {std::pair{"name", &shown.name}, std::pair{"password", &shown.password},
        std::pair{"link", &shown.link}}) {
    auto text = text_of(body, member);
    if (!text)
      return fail(text.error());
    *target = *std::move(text);
  }
  return shown;
}

/// A wrong secret: the next tries wait longer.
void count_wrong(exchange& x, const std::string& guessed, const std::string& known_name) {
  const auto address = client_address(x);
  x.shared().wrong_guesses.was_wrong(guessed, address);
  x.shared().counters.wrong_passwords.fetch_add(1, std::memory_order_relaxed);
  x.shared().audit.note_refused(known_name, address);
}

/// @returns false if the client must wait before it guesses again; it has been told.
asio::awaitable<bool> may_try(exchange& x, std::string guessed) {
  const auto wait = x.shared().wrong_guesses.wait_of(guessed, client_address(x));
  if (wait.count() > 0)
    co_await send_guessing(x, wait);
  co_return wait.count() == 0;
}

/// The user of that name; one without an id or a password if there is none.
result<user_row> find_signing_in(const exchange& x, const std::string& name) {
  const auto id = x.storage().find_user(name);
  if (!id && id.error().code == errc::not_found)
    return user_row{};
  return id ? x.storage().find_user_by_id(*id) : fail(id.error());
}

// These two give nothing if the client has its answer.

asio::awaitable<maybe_entrant> enter_by_password(exchange& x, shown_secrets shown) {
  maybe_entrant nobody;
  const auto user = find_signing_in(x, shown.name);
  if (!user) {
    co_await x.send_problem(user.error());
    co_return nobody;
  }
  const auto is_right = co_await x.shared().desk.is_right(user->password, shown.password);
  if (!is_right) {
    co_await send_desk_refusal(x, is_right.error());
    co_return nobody;
  }
  if (!*is_right || user->disabled_at != 0) {
    count_wrong(x, shown.name, user->name);
    co_await x.send_problem(wrong_password);
    co_return nobody;
  }
  maybe_entrant who{std::in_place};
  who->user = *user;
  who->guessed = shown.name;
  co_return who;
}

asio::awaitable<maybe_entrant> enter_by_link(exchange& x, std::string link, std::string guessed) {
  maybe_entrant nobody;
  auto holder = find_link_holder(x.storage(), link);
  if (!holder && holder.error().code != errc::unauthenticated) {
    co_await x.send_problem(holder.error());
    co_return nobody;
  }
  if (!holder) {
    count_wrong(x, guessed, {});
    co_await x.send_problem(wrong_link);
    co_return nobody;
  }
  maybe_entrant who{std::in_place};
  who->user = std::move(holder->user);
  who->guessed = std::move(guessed);
  who->link_digest = std::move(holder->digest);
  co_return who;
}

/// Makes a session of a user who has just shown enough.
/// @returns the `Set-Cookie` line.
asio::awaitable<result<std::string>> begin_session(exchange& x, std::string user, bool by_link) {
  auto [row, text] = make_credential(std::move(user), credential_kind::session);
  row.used_at = row.proved_at = row.created_at;
  row.expires_at = row.created_at + std::chrono::milliseconds{session_idle}.count();
  row.address = client_address(x);
  row.agent = x.field("User-Agent").value_or("").substr(0, max_agent);
  row.by_link = by_link;
  storage::new_credential made{std::move(row)};
  const auto done = co_await apply_change(x.shared(), std::move(made));
  if (!done)
    co_return fail(done.error());
  co_return cookie_line(text, place_of_cookie(x));
}

/// The session that the request shows beside the secrets, if there is one: the new one replaces
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

/// Spends the link, if it is by one: another request may have been quicker.
asio::awaitable<result<>> spend(exchange& x, const entrant& who) {
  if (who.link_digest.empty())
    co_return result<>{};
  storage::sign_in_link_use use{who.user.id, who.link_digest};
  const auto done = co_await apply_change(x.shared(), std::move(use));
  if (!done)
    co_return result<>{done.error()};
  co_return result<>{};
}

asio::awaitable<void> let_in(exchange& x, entrant who) {
  const bool by_link = !who.link_digest.empty();
  const auto spent = co_await spend(x, who);
  if (!spent && spent.error().code == errc::not_found)
    co_return co_await x.send_problem(wrong_link);
  if (!spent)
    co_return co_await x.send_problem(spent.error());
  x.shared().wrong_guesses.was_right(who.guessed, client_address(x));
  co_await end_former_session(x);
  auto cookie = co_await begin_session(x, who.user.id, by_link);
  end_all_but_this(x);
  if (cookie)
    note_as(x, who.user.id, who.user.name,
            by_link ? audit_act::signed_in_by_link : audit_act::signed_in);
  co_await send_signed_in(x, std::move(cookie));
}

/// The asker has shown a link moments ago, or has no password, and so need not know one.
bool needs_no_password(const exchange& x, const user_row& user) {
  if (find_missing_proof(x))
    return false;
  const auto session = x.storage().find_credential(x.asker().credential);
  return session && (session->by_link || user.password.empty());
}

/// @returns whether the old password is right; false as well if the client has its answer.
asio::awaitable<bool> check_old(exchange& x, user_row user, std::string old) {
  const bool may = co_await may_try(x, user.name);
  if (!may)
    co_return false;
  const auto is_right = co_await x.shared().desk.is_right(user.password, old);
  if (!is_right) {
    co_await send_desk_refusal(x, is_right.error());
    co_return false;
  }
  if (!*is_right) {
    count_wrong(x, user.name, user.name);
    co_await x.send_problem(forbidden, "The old password is wrong.");
  }
  co_return *is_right;
}

} // namespace

asio::awaitable<void> sign_in(exchange& x) {
  const auto body = co_await read_json(x);
  if (!body)
    co_return;
  const auto shown = read_shown(*body);
  if (!shown)
    co_return co_await refuse_body(x, shown.error().detail);
  const bool by_link = !shown->link.empty();
  // No user has a name with a space, so guesses of links are counted apart.
  auto guessed = by_link ? "link " + shown->link.substr(0, shown->link.find('.')) : shown->name;
  const bool may = co_await may_try(x, guessed);
  if (!may)
    co_return;
  maybe_entrant who;
  if (by_link)
    who = co_await enter_by_link(x, shown->link, std::move(guessed));
  else
    who = co_await enter_by_password(x, *shown);
  if (who)
    co_await let_in(x, *std::move(who));
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
