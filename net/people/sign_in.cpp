#include "net/people/sign_in.hpp"

#include "net/access/credentials.hpp"
#include "net/access/sign_in_link.hpp"
#include "net/backend/backend.hpp"
#include "net/backend/services.hpp"
#include "net/http/json_body.hpp"
#include "net/http/noted.hpp"
#include "net/people/entering.hpp"
#include "net/people/guessing.hpp"
#include "net/people/items.hpp"
#include "net/people/second_factor.hpp"

#include <utility>

namespace mediad::net::people {

namespace {

constexpr problem wrong_password{401, "wrong_password", "The name or the password is wrong."};
constexpr problem code_needed{401, "code_needed",
                              "Give the code of your authenticator as well, or a recovery code."};
constexpr problem wrong_link{401, "wrong_link",
                             "This link was used, or it is too old: ask for another one."};

/// What somebody shows who signs in; empty members were not in the body.
struct shown_secrets {
  std::string name;
  std::string password;
  std::string link;
  std::string code;
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
        std::pair{"link", &shown.link}, std::pair{"code", &shown.code}}) {
    auto text = text_of(body, member);
    if (!text)
      return fail(text.error());
    *target = *std::move(text);
  }
  return shown;
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
  shown_password tried{shown.name, user->password, shown.password};
  tried.may_be_right = user->disabled_at == 0;
  tried.is_all = false; // let_in() counts it right
  tried.about = user->name;
  const auto is_right = co_await try_password(x, std::move(tried));
  if (!is_right)
    co_return nobody;
  if (!*is_right) {
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
  const bool may = co_await may_try(x, guessed);
  if (!may)
    co_return nobody;
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

/// Whether a user who has to has shown a code, too.
/// @returns false if the client has its answer.
asio::awaitable<bool> check_code(exchange& x, const entrant& who, std::string code) {
  if (!who.user.has_second_factor())
    co_return true;
  if (code.empty()) {
    co_await x.send_problem(code_needed);
    co_return false;
  }
  const auto used = co_await use_code(x, who.user, std::move(code));
  if (used)
    co_return true;
  if (used.error().code == errc::conflict) {
    count_wrong(x, who.guessed, who.user.name);
    co_await x.send_problem(wrong_code);
  } else {
    co_await x.send_problem(used.error());
  }
  co_return false;
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
  count_right(x, who.guessed);
  co_await end_former_session(x);
  auto cookie = co_await begin_session(x, who.user.id, by_link);
  end_all_but_this(x);
  if (cookie)
    note_as(x, who.user.id, who.user.name,
            by_link ? audit_act::signed_in_by_link : audit_act::signed_in);
  co_await send_signed_in(x, std::move(cookie));
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
  maybe_entrant who;
  if (by_link)
    who = co_await enter_by_link(x, shown->link, std::move(guessed));
  else
    who = co_await enter_by_password(x, *shown);
  if (!who)
    co_return;
  const bool is_whole = co_await check_code(x, *who, shown->code);
  if (is_whole)
    co_await let_in(x, *std::move(who));
}

} // namespace mediad::net::people
