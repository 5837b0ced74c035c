#include "net/pages.hpp"

#include "base/event_json.hpp"
#include "net/backend/backend.hpp"
#include "net/backend/services.hpp"
#include "net/fields/conditions.hpp"
#include "net/fields/field_value.hpp"
#include "net/http/body_reader.hpp"

#include <nlohmann/json.hpp>

namespace mediad::net {

namespace {

constexpr std::size_t max_notice_bytes = std::size_t{16} << 10U;

asio::awaitable<void> send_text(exchange& x, std::string media_type, std::string text) {
  auto a = x.make(http::status::ok);
  a.set(http::field::content_type, media_type);
  a.set(http::field::cache_control, "no-store");
  a.body() = std::move(text);
  co_await x.send(std::move(a));
}

/// A whole body that fits memory.
asio::awaitable<result<std::string>> read_small_body(exchange& x, body_reader& reader) {
  if (x.body().length > max_notice_bytes)
    co_return fail(errc::too_large, "notice over the limit");
  std::string text(max_notice_bytes + 1, '\0');
  std::size_t size = 0;
  for (;;) {
    const auto got = co_await reader.read({text.data() + size, text.size() - size});
    if (!got)
      co_return fail(got.error());
    size += *got;
    if (*got == 0)
      break;
    if (size > max_notice_bytes)
      co_return fail(errc::too_large, "notice over the limit");
  }
  text.resize(size);
  co_return text;
}

/// @returns errc::bad_request with a detail fit for the client, which names what is wrong.
result<storage::notice> parse_notice(const std::string& text) {
  const auto body = nlohmann::json::parse(text, nullptr, false);
  if (!body.is_object())
    return fail(errc::bad_request, "A notice is {\"user\": a name or null, \"message\": …}.");
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

bool says_json(const exchange& x) {
  const auto type = fields::parse_field_value(x.field("Content-Type").value_or(""));
  return type && type->value == "application/json";
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
  const auto admitted = co_await admit(x.shared());
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
  if (!says_json(x))
    co_return co_await x.send_problem(problem_of(errc::unsupported_media),
                                      "A notice is sent as application/json.");
  body_reader reader{x, max_notice_bytes};
  const auto text = co_await read_small_body(x, reader);
  if (!text && reader.timed_out())
    co_return co_await x.send_problem(request_timeout);
  if (!text)
    co_return co_await x.send_problem(text.error());
  auto notice = parse_notice(*text);
  if (!notice)
    co_return co_await x.send_problem(problem_of(errc::bad_request), notice.error().detail);
  if (!notice->user.empty()) {
    auto id = x.storage().find_user(notice->user);
    if (!id && id.error().code == errc::not_found)
      co_return co_await x.send_problem(problem_of(errc::bad_request),
                                        "`user` names no user of this server.");
    if (!id)
      co_return co_await x.send_problem(id.error());
    notice->user = std::move(*id);
  }
  const auto posted = co_await post_notice(x.shared(), std::move(*notice));
  if (!posted)
    co_return co_await x.send_problem(posted.error());
  auto a = x.make(http::status::created);
  a.set(http::field::content_type, "application/json");
  a.body() = frame_of(*posted);
  co_await x.send(std::move(a));
}

} // namespace mediad::net
