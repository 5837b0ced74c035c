#include "net/handlers.hpp"

#include "base/log.hpp"
#include "net/events/events.hpp"
#include "net/files/delivery.hpp"
#include "net/files/records.hpp"
#include "net/http/cors.hpp"
#include "net/http/guard.hpp"
#include "net/ietf/ietf.hpp"
#include "net/pages.hpp"
#include "net/routes.hpp"
#include "net/tus/tus.hpp"
#include "net/uploads/whole.hpp"

namespace mediad::net {

namespace {

// One address, several protocols: a request's fields say which of them it speaks.

asio::awaitable<void> create(exchange& x) {
  if (tus::is_spoken(x))
    return tus::create(x);
  if (ietf::creates_upload(x))
    return ietf::create(x);
  return uploads::create_whole(x);
}

asio::awaitable<void> tell_offset(exchange& x) {
  if (tus::is_spoken(x))
    return tus::send_offset(x);
  return ietf::send_offset(x); // the IETF draft's HEAD carries no protocol field
}

asio::awaitable<void> append(exchange& x) {
  if (!tus::is_spoken(x) && ietf::is_spoken(x))
    return ietf::append(x);
  return tus::append(x); // answers 412 and names the missing field
}

asio::awaitable<void> remove(exchange& x) {
  if (tus::is_spoken(x))
    return tus::terminate(x);
  return remove_record(x);
}

asio::awaitable<void> handler_of(exchange& x, endpoint to) {
  switch (to) {
  case endpoint::upload: return create(x);
  case endpoint::list: return send_list(x);
  case endpoint::record: return send_record(x);
  case endpoint::offset: return tell_offset(x);
  case endpoint::append: return append(x);
  case endpoint::remove: return remove(x);
  case endpoint::cancel: return cancel_processing(x);
  case endpoint::retry: return retry_processing(x);
  case endpoint::content: return deliver_content(x);
  case endpoint::preview: return deliver_preview(x);
  case endpoint::rendition: return deliver_rendition(x);
  case endpoint::archive: return deliver_archive(x);
  case endpoint::events: return events::serve(x);
  case endpoint::notices: return take_notice(x);
  case endpoint::alive: return send_alive(x);
  case endpoint::ready: return send_ready(x);
  case endpoint::metrics: return send_metrics(x);
  }
  return x.send_problem(problem_of(errc::internal));
}

asio::awaitable<void> send_allow(exchange& x, std::string allow) {
  auto a = x.make(http::status::no_content);
  a.set(http::field::allow, allow);
  const auto& path = x.to().segments;
  const bool takes_uploads =
    path.size() >= 2 && path.size() <= 3 && path[0] == "v1" && path[1] == "files";
  if (takes_uploads) {
    tus::describe(x, a);
    ietf::describe(x, a);
  }
  describe_preflight(x, a);
  co_await x.send(std::move(a));
}

asio::awaitable<void> refuse_method(exchange& x, std::string allow) {
  auto a = x.make_problem(method_not_allowed);
  a.set(http::field::allow, allow);
  co_await x.send(std::move(a));
}

routing route_of(const exchange& x) {
  if (x.to().path == "*") {
    routing whole_server;
    whole_server.allow = "GET, HEAD, POST, PATCH, DELETE, OPTIONS";
    return whole_server;
  }
  return find_route(x.method(), x.to().segments);
}

asio::awaitable<void> handle_page(exchange& x) {
  const auto* page = web::find_asset(x.to().path);
  if (page == nullptr)
    co_return co_await x.send_problem(problem_of(errc::not_found));
  if (x.method() == http::verb::get || x.head_only())
    co_return co_await send_asset(x, *page);
  if (x.method() == http::verb::options)
    co_return co_await send_allow(x, "GET, HEAD, OPTIONS");
  co_await refuse_method(x, "GET, HEAD, OPTIONS");
}

} // namespace

void prepare_answer(exchange& x) {
  if (tus::is_spoken(x)) // tus 1.0 wants it in every answer
    x.add_to_answer("Tus-Resumable", "1.0.0");
  add_cors_fields(x);
}

asio::awaitable<void> handle(exchange& x) {
  if (const auto refused = find_refusal(x)) {
    log::warning("http",
                 "refused with " + std::to_string(refused->what.status) + ": " + refused->reason);
    co_return co_await x.send_problem(refused->what);
  }
  auto route = route_of(x);
  if (route.allow.empty())
    co_return co_await handle_page(x);
  if (x.method() == http::verb::options)
    co_return co_await send_allow(x, route.allow);
  if (!route.found)
    co_return co_await refuse_method(x, route.allow);
  x.arguments = std::move(route.arguments);
  co_await handler_of(x, *route.found);
}

} // namespace mediad::net
