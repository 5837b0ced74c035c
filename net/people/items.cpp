#include "net/people/items.hpp"

#include "base/clock.hpp"
#include "net/backend/backend.hpp"
#include "net/backend/services.hpp"
#include "net/http/cors.hpp"
#include "net/http/json_body.hpp"
#include "net/http/noted.hpp"

#include <algorithm>

namespace mediad::net::people {

using nlohmann::ordered_json;

namespace {

ordered_json public_json(const credential_row& c, const caller& asker) {
  ordered_json one;
  one["id"] = c.id;
  one["created_at"] = to_rfc3339(c.created_at);
  one["used_at"] = time_or_null(c.used_at);
  one["expires_at"] = time_or_null(c.expires_at);
  if (c.kind == credential_kind::token) {
    one["name"] = c.name;
    one["scopes"] = words_of(rights::from_bits(c.scopes));
    one["folder"] = id_or_null(c.folder);
    return one;
  }
  one["address"] = c.address;
  one["agent"] = c.agent;
  one["current"] = c.id == asker.credential;
  return one;
}

} // namespace

ordered_json words_of(rights some) {
  auto words = ordered_json::array();
  for (const auto r : each_right)
    if (some.has(r))
      words.push_back(to_string(r));
  return words;
}

ordered_json id_or_null(const std::string& id) {
  return id.empty() ? ordered_json{} : ordered_json(id);
}

ordered_json time_or_null(unix_ms t) {
  return t == 0 ? ordered_json{} : ordered_json(to_rfc3339(t));
}

cookie_place place_of_cookie(const exchange& x) {
  return {own_origin(x).starts_with("https://"), x.options().base_path};
}

unix_ms end_of_made(const exchange& x, std::uint64_t seconds) {
  const auto wanted = now_ms() + static_cast<unix_ms>(seconds) * 1'000;
  if (x.asker().by != known_by::token)
    return wanted;
  const auto token = x.storage().find_credential(x.asker().credential);
  return token && token->expires_at != 0 ? std::min(wanted, token->expires_at) : wanted;
}

asio::awaitable<void> send_refusal(exchange& x, error why) {
  if (why.code != errc::conflict && why.code != errc::too_many)
    co_return co_await x.send_problem(std::move(why));
  auto sentence = sentence_of(std::move(why.detail));
  co_await x.send_problem(problem_of(why.code), std::move(sentence));
}

asio::awaitable<void> send_guessing(exchange& x, std::chrono::seconds wait) {
  auto told = too_many_tries;
  told.retry_after_s = static_cast<unsigned>(wait.count());
  co_await x.send_problem(told);
}

asio::awaitable<void> send_desk_refusal(exchange& x, error why) {
  if (why.code == errc::bad_request)
    co_return co_await refuse_body(x, std::move(why.detail));
  if (why.code != errc::busy)
    co_return co_await x.send_problem(std::move(why));
  co_await send_guessing(x, std::chrono::seconds{1});
}

void end_all_but_this(exchange& x) {
  x.ends_by({});
  end_what_counts_no_more(x.shared());
}

asio::awaitable<void> send_credentials(exchange& x, credential_kind kind) {
  if (x.asker().by == known_by::token)
    co_return co_await x.send_problem(session_needed);
  const auto all = x.storage().credentials(x.asker().user);
  if (!all)
    co_return co_await x.send_problem(all.error());
  ordered_json told{{"items", ordered_json::array()}, {"cursor", nullptr}};
  for (const auto& one : *all)
    if (one.kind == kind)
      told["items"].push_back(public_json(one, x.asker()));
  co_await x.send_json(http::status::ok, told);
}

asio::awaitable<void> end_credential(exchange& x, credential_kind kind) {
  if (x.asker().by == known_by::token)
    co_return co_await x.send_problem(session_needed);
  const auto known = x.storage().find_credential(x.arguments.front());
  if (!known)
    co_return co_await x.send_problem(known.error());
  if (known->kind != kind)
    co_return co_await x.send_problem(problem_of(errc::not_found));
  storage::credential_removal removal{x.asker().user, known->id};
  const auto done = co_await apply_change(x.shared(), std::move(removal));
  if (!done)
    co_return co_await x.send_problem(done.error());
  end_all_but_this(x);
  note(x, kind == credential_kind::token ? audit_act::token_ended : audit_act::session_ended,
       known->name.empty() ? known->id : known->name);
  co_await x.send_empty(http::status::no_content);
}

} // namespace mediad::net::people
