#include "net/handlers.hpp"

#include "base/log.hpp"
#include "net/access/signed_url.hpp"
#include "net/backend/services.hpp"
#include "net/events/first_frame.hpp"
#include "net/files/editing.hpp"
#include "net/files/records.hpp"
#include "net/files/trash.hpp"
#include "net/http/asked.hpp"
#include "net/http/cors.hpp"
#include "net/http/forwarded.hpp"
#include "net/http/guard.hpp"
#include "net/http/guest_path.hpp"
#include "net/http/json_body.hpp"
#include "net/http/proxy_name.hpp"
#include "net/http/rate.hpp"
#include "net/ietf/ietf.hpp"
#include "net/pages.hpp"
#include "net/people/proxied.hpp"
#include "net/people/second_factor.hpp"
#include "net/routes.hpp"
#include "net/shares/guest.hpp"
#include "net/tus/tus.hpp"
#include "net/uploads/whole.hpp"

#include <string>

namespace mediad::net {

namespace {

/// Tells what an upload may be: of a ticket and of a guest, who have limits of their own, what
/// these may send.
void describe_doors(exchange& x, answer& a) {
  const auto& path = x.to().segments;
  const bool is_for_users =
    path.size() >= 2 && path.size() <= 3 && path[0] == "v1" && path[1] == "files";
  const bool is_for_guests =
    path.size() >= 3 && path.size() <= 4 && path[0] == "s" && path[2] == "files";
  if (is_for_guests)
    shares::know_sender(x, path[1]);
  if (is_for_users)
    if (auto who = x.shared().deps.who_asks(x.request()); who && who->by == known_by::ticket)
      x.set_asker(*std::move(who));
  if (is_for_users || is_for_guests)
    tus::describe(x, a);
  if (is_for_users)
    ietf::describe(x, a);
}

asio::awaitable<void> send_allow(exchange& x, std::string allow) {
  auto a = x.make(http::status::no_content);
  a.set(http::field::allow, allow);
  describe_doors(x, a);
  describe_preflight(x, a, all_methods());
  co_await x.send(std::move(a));
}

asio::awaitable<void> refuse_method(exchange& x, std::string allow) {
  auto a = x.make_problem(method_not_allowed);
  a.set(http::field::allow, allow);
  co_await x.send(std::move(a));
}

/// Sends the client to the same place in TLS, with method and body (RFC 9110 section 15.4.9).
asio::awaitable<void> send_to_tls(exchange& x) {
  const auto authority = x.field("Host").value_or("");
  const auto host = authority.substr(0, authority.find(':', authority.find(']') + 1));
  const auto target = x.request().target();
  if (host.empty() || !target.starts_with('/'))
    co_return co_await x.send_problem(problem_of(errc::bad_request));
  const auto port = x.shared().tls_port;
  auto a = x.make(http::status::permanent_redirect);
  a.set(http::field::location, "https://" + host + (port == 443 ? "" : ':' + std::to_string(port))
                                 + std::string{target.data(), target.size()});
  x.must_close();
  co_await x.send(std::move(a));
}

routing route_of(const exchange& x) {
  if (x.to().path == "*") {
    routing whole_server;
    whole_server.allow = all_methods();
    return whole_server;
  }
  return find_route(x.method(), x.to().segments);
}

/// The page's own paths are relative: they must count from a folder.
asio::awaitable<void> send_to_folder(exchange& x) {
  auto a = x.make(http::status::permanent_redirect);
  a.set(http::field::location, x.options().base_path + '/');
  co_await x.send(std::move(a));
}

asio::awaitable<void> handle_page(exchange& x) {
  if (x.to().lacks_slash)
    co_return co_await send_to_folder(x);
  const auto* page = web::find_asset(x.to().path);
  if (page == nullptr)
    co_return co_await x.send_problem(problem_of(errc::not_found));
  if (x.method() == http::verb::get || x.head_only())
    co_return co_await send_asset(x, *page);
  if (x.method() == http::verb::options)
    co_return co_await send_allow(x, "GET, HEAD, OPTIONS");
  co_await refuse_method(x, "GET, HEAD, OPTIONS");
}

/// Who asks: by the address if that shows a signature, whatever else the request shows.
asio::awaitable<result<caller>> find_caller(exchange& x) {
  const auto& deps = x.shared().deps;
  if (shows_signature(x))
    co_return caller_of_url(deps.files, *deps.keys, x.to());
  auto shown = deps.who_asks(x.request());
  auto name = name_by_proxy(x);
  if (!name)
    co_return shown;
  co_return co_await people::find_proxied_caller(x, *std::move(name), std::move(shown));
}

/// Checks that the caller has one of the rights.
/// @returns the answer to a caller that has none of them.
std::optional<answer> refuse_caller(exchange& x, const route& to, result<caller> who) {
  const auto needs = to.needs;
  if (!who && who.error().code == errc::unauthenticated && takes_token_later(to)
      && events::may_show_token_later(x))
    return std::nullopt;
  if (!who)
    return x.make_problem(who.error());
  if (who->by == known_by::ticket && !is_for_tickets(to))
    return x.make_problem(missing_right, "An upload ticket sends one file and follows it.");
  const bool lacks_code = people::lacks_second_factor(x, *who);
  if (lacks_code)
    who->may = who->may.without(right::admin);
  const auto by_more = needs.without(right::upload).with(right::read);
  who->sees_own_uploads_only = !who->may.has_any_of(by_more);
  who->wants = folder_right_of(needs);
  x.set_asker(*std::move(who));
  if (x.asker().may.has_any_of(needs))
    return std::nullopt;
  if (lacks_code && needs.has(right::admin))
    return x.make_problem(people::second_factor_needed);
  return x.make_problem(missing_right, "This needs one of these rights: " + to_string(needs) + ".");
}

/// Finds the caller, and checks that the caller may ask.
/// @returns the answer to one who may not.
asio::awaitable<std::optional<answer>> refuse(exchange& x, const route& to) {
  std::optional<answer> refusal;
  if (!to.guests.empty()) {
    refusal = shares::refuse_guest(x, to.guests);
  } else if (!to.needs.empty()) {
    auto who = co_await find_caller(x);
    refusal = refuse_caller(x, to, std::move(who));
  }
  co_return refusal;
}

/// Answers a request that has no route, or whose caller may not take it. What that needs lies in a
/// frame of its own, which is gone while a body arrives: an idle upload costs little memory.
/// @returns the route of any other request, with x.arguments; null: the request is answered.
asio::awaitable<const route*> admit(exchange& x) {
  if (const auto refused = find_refusal(x)) {
    log::warning("http",
                 "refused with " + std::to_string(refused->what.status) + ": " + refused->reason);
    co_await x.send_problem(refused->what);
    co_return nullptr;
  }
  if (x.is_to_redirect()) {
    co_await send_to_tls(x);
    co_return nullptr;
  }
  if (shows_signature(x)) {
    x.add_to_answer("Cross-Origin-Resource-Policy", "cross-origin");
    x.add_to_answer("Referrer-Policy", "no-referrer");
  }
  auto leads = route_of(x);
  if (leads.allow.empty()) {
    co_await handle_page(x);
    co_return nullptr;
  }
  if (x.method() == http::verb::options) {
    co_await send_allow(x, leads.allow);
    co_return nullptr;
  }
  if (!leads.found) {
    co_await refuse_method(x, leads.allow);
    co_return nullptr;
  }
  x.arguments = std::move(leads.arguments);
  auto refusal = co_await refuse(x, *leads.found);
  if (auto hurried = refuse_hurried(x))
    refusal = std::move(hurried);
  if (!refusal)
    if (auto other = find_refused_parameter(*leads.found, x.to()))
      refusal = x.make_problem(problem_of(errc::bad_request), std::move(*other));
  if (!refusal)
    co_return leads.found;
  co_await x.send(std::move(*refusal));
  co_return nullptr;
}

} // namespace

void prepare_answer(exchange& x) {
  const auto hsts = x.options().hsts_s;
  if (hsts > 0 && own_origin(x).starts_with("https://")) // RFC 6797 section 7.2: never in the clear
    x.add_to_answer("Strict-Transport-Security", "max-age=" + std::to_string(hsts));
  if (tus::is_spoken(x)) // tus 1.0 wants it in every answer
    x.add_to_answer("Tus-Resumable", "1.0.0");
  add_cors_fields(x);
  if (is_of_share(x)) {
    x.add_to_answer("X-Robots-Tag", "noindex, nofollow");
    x.add_to_answer("Referrer-Policy", "no-referrer");
  }
}

asio::awaitable<void> handle(exchange& x) {
  const auto* to = co_await admit(x);
  if (to == nullptr)
    co_return;
  if (x.asker().user.empty())
    co_return co_await to->answer(x);
  const auto connection = co_await asio::this_coro::executor;
  live_callers::request under_way{x.shared().live, x.asker(), connection, [&x] {
                                    x.stream().close();
                                  }};
  x.set_under_way(&under_way);
  co_await to->answer(x);
  x.set_under_way(nullptr);
}

} // namespace mediad::net

namespace mediad::net::doors {

namespace {

/// Fields of a POST that mean something only beside the field which names their protocol. Without
/// it, as when a proxy drops that one, the request would make a file of whatever its body has.
constexpr const char* fields_of_protocols[] = {"Upload-Length",   "Upload-Defer-Length",
                                               "Upload-Metadata", "Upload-Concat",
                                               "Upload-Offset",   "Upload-Checksum"};

asio::awaitable<void> create_without_protocol(exchange& x) {
  for (const std::string name : fields_of_protocols)
    if (x.field(name) && !ietf::says_complete(x)) {
      auto sentence = "`" + name
                      + "` needs `Tus-Resumable` (1.0.0) or `Upload-Complete` (?0 or ?1) beside it,"
                        " which is missing or malformed.";
      co_return co_await x.send_problem(problem_of(errc::bad_request), std::move(sentence));
    }
  co_await uploads::create_whole(x);
}

asio::awaitable<void> append(exchange& x) {
  if (!x.asker().may.has(right::upload)) {
    const auto upload = find_asked_upload(x);
    if (!upload)
      co_return co_await x.send_problem(upload.error());
    co_return co_await x.send_problem(missing_right, "This needs the right upload.");
  }
  if (!tus::is_spoken(x) && ietf::is_spoken(x))
    co_return co_await ietf::append(x);
  co_await tus::append(x); // answers 412 and names the missing field
}

} // namespace

asio::awaitable<void> create(exchange& x) {
  if (tus::is_spoken(x))
    return tus::create(x);
  if (ietf::creates_upload(x))
    return ietf::create(x);
  return create_without_protocol(x);
}

asio::awaitable<void> send_offset(exchange& x) {
  if (tus::is_spoken(x))
    return tus::send_offset(x);
  return ietf::send_offset(x); // the IETF draft's HEAD carries no protocol field
}

asio::awaitable<void> patch(exchange& x) {
  if (!tus::is_spoken(x) && !ietf::is_spoken(x) && says_json(x))
    return change_record(x);
  return append(x);
}

asio::awaitable<void> remove(exchange& x) {
  if (tus::is_spoken(x))
    return tus::terminate(x);
  if (ietf::is_spoken(x)) // of an upload, as by tus: it is gone for good
    return remove_record(x);
  return delete_record(x);
}

} // namespace mediad::net::doors
