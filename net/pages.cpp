#include "net/pages.hpp"

#include "base/clock.hpp"
#include "base/event_json.hpp"
#include "net/backend/backend.hpp"
#include "net/backend/identity.hpp"
#include "net/backend/services.hpp"
#include "net/fields/conditions.hpp"
#include "net/http/json_body.hpp"
#include "net/http/noted.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>

#include <string>
#include <utility>

namespace mediad::net {

namespace {

asio::awaitable<void> send_text(exchange& x, std::string media_type, std::string text) {
  auto a = x.make(http::status::ok);
  a.set(http::field::content_type, media_type);
  a.set(http::field::cache_control, "no-store");
  a.body() = std::move(text);
  co_await x.send(std::move(a));
}

/// @returns errc::bad_request with a detail fit for the client, which names what is wrong.
result<storage::notice> parse_notice(const nlohmann::json& body) {
  const auto message = body.value("message", nlohmann::json{});
  if (!message.is_string() || message.get_ref<const std::string&>().empty())
    return fail(errc::bad_request, "`message` must be a text that is not empty.");
  const auto user = body.value("user", nlohmann::json{});
  if (!user.is_null() && !user.is_string())
    return fail(errc::bad_request, "`user` must be the name of a user, or null for all.");
  storage::notice n;
  n.text = message.get<std::string>();
  if (user.is_string())
    n.user = user.get<std::string>(); // a name, until take_notice() finds the id
  return n;
}

constexpr problem not_reloaded{
  409, "not_reloaded",
  "The new certificate or key cannot be used; those before stay. The log says why."};

asio::awaitable<result<nlohmann::json>> read_status(services& shared) {
  co_return shared.deps.status(shared.urls);
}

asio::awaitable<result<std::optional<certificate_facts>>> read_again(services& shared) {
  co_return reload(shared);
}

} // namespace

asio::awaitable<void> send_asset(exchange& x, const web::asset& page) {
  fields::conditions request;
  request.if_none_match = x.field("If-None-Match");
  fields::representation have;
  have.etag = page.etag;
  have.size = page.bytes.size();
  const bool known =
    fields::select(request, have, !x.head_only()).answer == fields::verdict::not_modified;
  auto a = x.make(known ? http::status::not_modified : http::status::ok);
  a.set(http::field::etag, have.etag);
  a.set(http::field::cache_control,
        page.immutable ? "public, max-age=31536000, immutable" : "no-cache");
  a.set("Content-Security-Policy",
        "default-src 'self'; img-src 'self' data: blob:; connect-src 'self' ws: wss:; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
  a.set("Referrer-Policy", "no-referrer");
  if (!known) {
    a.set(http::field::content_type,
          beast::string_view{page.media_type.data(), page.media_type.size()});
    a.body() = page.bytes;
  }
  co_await x.send(std::move(a));
}

asio::awaitable<void> send_alive(exchange& x) {
  co_await send_text(x, "text/plain; charset=utf-8", "ok\n");
}

asio::awaitable<void> send_ready(exchange& x) {
  // Whoever asks without credentials, where they are needed, hears whether a new user could upload.
  const auto who = x.shared().deps.who_asks(x.request());
  auto user = who ? who->user : std::string{};
  const auto admitted = co_await admit(x.shared(), std::move(user));
  if (!admitted)
    co_return co_await x.send_problem(admitted.error());
  const auto free = x.storage().free_bytes();
  if (!free)
    co_return co_await x.send_problem(free.error());
  if (*free < x.options().min_free_bytes)
    co_return co_await x.send_problem(problem_of(errc::storage_full));
  std::string text{"ok\n"};
  if (x.query("verbose") && x.shared().deps.upkeep)
    text += x.shared().deps.upkeep();
  co_await send_text(x, "text/plain; charset=utf-8", std::move(text));
}

asio::awaitable<void> send_metrics(exchange& x) {
  co_await send_text(x, "text/plain; version=0.0.4; charset=utf-8",
                     x.shared().deps.metrics->to_text());
}

asio::awaitable<void> take_notice(exchange& x) {
  const auto body = co_await read_json(x);
  if (!body)
    co_return;
  auto notice = parse_notice(*body);
  if (!notice)
    co_return co_await refuse_body(x, notice.error().detail);
  if (!notice->user.empty()) {
    auto id = x.storage().find_user(notice->user);
    if (!id && id.error().code == errc::not_found)
      co_return co_await refuse_body(x, "`user` names no user of this server.");
    if (!id)
      co_return co_await x.send_problem(id.error());
    notice->user = std::move(*id);
  }
  const auto posted = co_await post_notice(x.shared(), std::move(*notice));
  if (!posted)
    co_return co_await x.send_problem(posted.error());
  note(x, audit_act::notice_sent, posted->user);
  auto a = x.make(http::status::created);
  a.set(http::field::content_type, "application/json");
  a.body() = frame_of(*posted, x.options().base_path);
  co_await x.send(std::move(a));
}

asio::awaitable<void> send_status(exchange& x) {
  if (!x.shared().deps.status)
    co_return co_await x.send_problem(problem_of(errc::not_found));
  auto work = read_status(x.shared());
  const auto told =
    co_await asio::co_spawn(x.shared().disk.get_executor(), std::move(work), asio::use_awaitable);
  if (!told)
    co_return co_await x.send_problem(told.error());
  const nlohmann::ordered_json status = *told;
  co_await x.send_json(http::status::ok, status);
}

asio::awaitable<void> reload_server(exchange& x) {
  auto work = read_again(x.shared());
  const auto done =
    co_await asio::co_spawn(x.shared().disk.get_executor(), std::move(work), asio::use_awaitable);
  if (!done)
    co_return co_await x.send_problem(not_reloaded);
  note(x, audit_act::reloaded);
  nlohmann::ordered_json told{{"certificate", nullptr}};
  if (const auto& now = *done)
    told["certificate"] = {{"names", now->names}, {"ends_at", to_rfc3339(now->ends_at)}};
  co_await x.send_json(http::status::ok, told);
}

} // namespace mediad::net
