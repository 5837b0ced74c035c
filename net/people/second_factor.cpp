#include "net/people/second_factor.hpp"

#include "base/clock.hpp"
#include "base/password.hpp"
#include "base/totp.hpp"
#include "net/backend/backend.hpp"
#include "net/backend/services.hpp"
#include "net/http/json_body.hpp"
#include "net/http/noted.hpp"
#include "net/people/entering.hpp"
#include "net/people/guessing.hpp"
#include "net/people/items.hpp"

#include <utility>

namespace mediad::net::people {

using nlohmann::ordered_json;

namespace {

constexpr problem is_on{409, "conflict", "The second factor is on already; turn it off first."};
constexpr problem is_off{409, "conflict", "There is no second factor."};
constexpr problem is_wrong{403, wrong_code.code, wrong_code.sentence};

/// As the authenticator programs read it
/// (https://github.com/google/google-authenticator/wiki/Key-Uri-Format).
std::string uri_of(const user_row& user, const std::string& secret) {
  std::string uri = "otpauth://totp/mediad:";
  uri += user.name; // has nothing that would have to be escaped
  uri += "?secret=";
  uri += secret;
  uri += "&issuer=mediad&algorithm=SHA1&digits=6&period=30";
  return uri;
}

/// The caller, who must be in a session and have given the password a moment ago.
/// @returns nothing if the client has its answer.
asio::awaitable<std::optional<user_row>> find_proven(exchange& x) {
  std::optional<user_row> found;
  auto missing = find_missing_proof(x);
  if (x.asker().by != known_by::session)
    missing = session_needed;
  if (missing) {
    co_await x.send_problem(*missing);
    co_return found;
  }
  auto user = x.storage().find_user_by_id(x.asker().user);
  if (user)
    found = *std::move(user);
  else
    co_await x.send_problem(user.error());
  co_return found;
}

/// The use of a code, as the storage takes it; nothing if it is wrong.
std::optional<storage::second_factor_use> find_use(const user_row& user, const std::string& code) {
  storage::second_factor_use use{user.id};
  if (const auto step = find_totp_step(user.totp_secret, code, now_ms(), user.totp_step)) {
    use.step = *step;
    return use;
  }
  use.recovery = digest_of_recovery_code(code);
  for (const auto& one : user.recovery)
    if (are_equal_secrets(one, use.recovery))
      return use;
  return std::nullopt;
}

/// The codes that a person keeps, and what is stored of them.
storage::second_factor_change begin_of(const user_row& user, std::string secret, std::uint64_t step,
                                       const std::vector<std::string>& codes) {
  storage::second_factor_change begin{user.id};
  begin.secret = std::move(secret);
  begin.step = step;
  for (const auto& one : codes)
    begin.recovery.push_back(digest_of_recovery_code(one));
  return begin;
}

asio::awaitable<void> begin(exchange& x, user_row user, std::string secret, std::uint64_t step) {
  const auto codes = make_recovery_codes();
  auto change = begin_of(user, std::move(secret), step, codes);
  const auto done = co_await apply_change(x.shared(), std::move(change));
  if (!done && done.error().code == errc::conflict)
    co_return co_await x.send_problem(is_on);
  if (!done)
    co_return co_await x.send_problem(done.error());
  note(x, audit_act::second_factor_on);
  ordered_json told;
  told["recovery_codes"] = codes;
  co_await x.send_json(http::status::ok, told);
}

} // namespace

asio::awaitable<void> send_second_factor(exchange& x) {
  if (x.asker().by == known_by::token)
    co_return co_await x.send_problem(session_needed);
  const auto user = x.storage().find_user_by_id(x.asker().user);
  if (!user)
    co_return co_await x.send_problem(user.error());
  const bool is_asked = x.options().admins_need_totp && user->role == user_role::admin;
  ordered_json told;
  told["enabled_at"] = time_or_null(user->totp_at);
  told["recovery_codes"] = user->recovery.size();
  told["needed"] = is_asked && x.asker().by != known_by::nothing;
  co_await x.send_json(http::status::ok, told);
}

asio::awaitable<void> propose_second_factor(exchange& x) {
  const auto user = co_await find_proven(x);
  if (!user)
    co_return;
  if (user->has_second_factor())
    co_return co_await x.send_problem(is_on);
  const auto secret = to_base32(make_totp_secret());
  ordered_json told;
  told["secret"] = secret;
  told["uri"] = uri_of(*user, secret);
  co_await x.send_json(http::status::ok, told);
}

asio::awaitable<void> turn_second_factor_on(exchange& x) {
  const auto user = co_await find_proven(x);
  if (!user)
    co_return;
  const auto body = co_await read_json(x);
  if (!body)
    co_return;
  const auto text = text_of(*body, "secret");
  const auto code = text_of(*body, "code");
  if (!text)
    co_return co_await refuse_body(x, text.error().detail);
  if (!code)
    co_return co_await refuse_body(x, code.error().detail);
  auto secret = from_base32(*text);
  if (!secret || secret->size() != totp_secret_bytes)
    co_return co_await refuse_body(x, "`secret` must be one that this server has made.");
  const bool may = co_await may_try(x, user->name);
  if (!may)
    co_return;
  const auto step = find_totp_step(*secret, *code, now_ms(), 0);
  if (!step) {
    count_wrong(x, user->name, user->name);
    co_return co_await x.send_problem(is_wrong);
  }
  co_await begin(x, *user, *std::move(secret), *step);
}

asio::awaitable<void> turn_second_factor_off(exchange& x) {
  const auto user = co_await find_proven(x);
  if (!user)
    co_return;
  const auto body = co_await read_json(x);
  if (!body)
    co_return;
  const auto code = text_of(*body, "code");
  if (!code)
    co_return co_await refuse_body(x, code.error().detail);
  if (!user->has_second_factor())
    co_return co_await x.send_problem(is_off);
  const bool may = co_await may_try(x, user->name);
  if (!may)
    co_return;
  if (!find_use(*user, *code)) {
    count_wrong(x, user->name, user->name);
    co_return co_await x.send_problem(is_wrong);
  }
  storage::second_factor_change off{user->id};
  const auto done = co_await apply_change(x.shared(), std::move(off));
  if (!done)
    co_return co_await x.send_problem(done.error());
  note(x, audit_act::second_factor_off);
  co_await x.send_empty(http::status::no_content);
}

asio::awaitable<result<>> use_code(exchange& x, user_row user, std::string code) {
  auto use = find_use(user, code);
  if (!use)
    co_return result<>{fail(errc::conflict, "a wrong code")};
  const bool is_recovery = use->step == 0;
  const auto done = co_await apply_change(x.shared(), *std::move(use));
  if (!done)
    co_return result<>{done.error()};
  if (is_recovery)
    note_as(x, user.id, user.name, audit_act::recovery_code_used);
  co_return result<>{};
}

bool lacks_second_factor(const exchange& x, const caller& who) {
  if (!x.options().admins_need_totp || who.by == known_by::nothing || !who.may.has(right::admin))
    return false;
  const auto user = x.storage().find_user_by_id(who.user);
  return !user || !user->has_second_factor();
}

} // namespace mediad::net::people
