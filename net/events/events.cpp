#include "net/events/events.hpp"

#include "base/ulid.hpp"
#include "net/backend/services.hpp"
#include "net/events/event_stream.hpp"
#include "net/events/first_frame.hpp"
#include "net/events/messages.hpp"
#include "net/events/sse_stream.hpp"
#include "net/events/websocket.hpp"
#include "net/http/cors.hpp"

#include <boost/beast/websocket/rfc6455.hpp>

#include <utility>
#include <vector>

namespace mediad::net::events {
namespace {

struct request_fields {
  std::optional<std::uint64_t> since;
  std::vector<std::string> files;
};

result<request_fields> read_request_fields(const exchange& x) {
  request_fields out;
  const auto last_event_id = x.field("Last-Event-ID");
  const auto since = parse_since(x.query("since"), last_event_id);
  if (!since)
    return fail(since.error());
  out.since = *since;
  for (const auto& [name, value] : x.to().query)
    if (name == "file")
      out.files.push_back(value);
  if (out.files.size() > interest::max_files)
    return fail(errc::bad_request,
                "`file` is there more than " + std::to_string(interest::max_files) + " times.");
  for (const auto& file : out.files)
    if (!is_ulid(file))
      return fail(errc::bad_request, "`file` must be the id of a file.");
  return out;
}

bool accepts_event_stream(const exchange& x) {
  const auto accept = x.field("Accept");
  return accept && accept->find("text/event-stream") != std::string::npos;
}

asio::awaitable<void> ask_for_upgrade(exchange& x) {
  auto a = x.make_problem(upgrade_required);
  a.set(http::field::upgrade, "websocket");
  a.set(http::field::connection, "Upgrade");
  a.set(http::field::vary, "Accept");
  co_await x.send(std::move(a));
}

// The frames before the first event, and where events begin.
asio::awaitable<void> begin(session& s, std::optional<std::uint64_t> since,
                            const storage::event_range& log) {
  co_await s.reply(hello_frame(log.newest, log.oldest));
  // A number that was never given out comes from another database: a backup was restored, say.
  const bool unknown = since && *since > log.newest;
  if (unknown)
    co_await s.reply(gap_frame());
  s.start(since && !unknown ? *since : log.newest, log.newest);
}

/// Callers hear of what they could ask for.
interest interest_of(const caller& asker, const std::vector<std::string>& files) {
  return {
    asker.user, files, asker.folder, {!asker.sees_own_uploads_only, asker.may.has(right::share)}};
}

/// Subscribes the asker. What is to be told first waits in the session.
asio::awaitable<result<std::shared_ptr<event_stream>>> open_stream(exchange& x,
                                                                   request_fields request) {
  using opened = result<std::shared_ptr<event_stream>>;
  const auto executor = co_await asio::this_coro::executor;
  auto stream = std::make_shared<event_stream>(x.shared(), executor, x.asker(),
                                               interest_of(x.asker(), request.files));
  for (const auto& file : request.files)
    if (const auto seen = stream->check_file(file); !seen)
      co_return opened{seen.error()};
  // Subscribed first, read from the log afterwards: what happens in between comes both ways, and
  // the outbox lets one of them through.
  const auto subscribed = co_await stream->subscribe(stream->session->filter());
  if (!subscribed)
    co_return opened{subscribed.error()};
  const auto log = x.storage().events();
  if (!log)
    co_return opened{log.error()};
  co_await begin(*stream->session, request.since, *log);
  co_return opened{std::move(stream)};
}

/// Serves a WebSocket whose caller is not known yet.
asio::awaitable<void> serve_unknown(exchange& x, request_fields request) {
  const auto l = co_await accept_websocket(x);
  if (!l)
    co_return;
  const bool is_known = co_await take_first_frame(x, l);
  if (!is_known)
    co_return;
  const auto connection = co_await asio::this_coro::executor;
  live_callers::request under_way{x.shared().live, x.asker(), connection, [l] {
                                    l->drop();
                                  }};
  if (request.files.empty() && x.asker().sees_own_uploads_only)
    co_return co_await refuse_listener(l, fail(errc::bad_request, "names no file"));
  const auto stream = co_await open_stream(x, std::move(request));
  if (!stream)
    co_return co_await refuse_listener(l, stream.error());
  co_await stream_events(x, l, *stream);
}

asio::awaitable<void> serve_known(exchange& x, request_fields request, bool websocket) {
  if (request.files.empty() && x.asker().sees_own_uploads_only)
    co_return co_await x.send_problem(problem_of(errc::bad_request),
                                      "Name the files that you have sent, each by `file`.");
  const auto stream = co_await open_stream(x, std::move(request));
  if (!stream)
    co_return co_await x.send_problem(stream.error());
  if (websocket)
    co_await serve_websocket(x, *stream);
  else
    co_await serve_sse(x, *stream);
}

} // namespace

asio::awaitable<void> serve(exchange& x) {
  const bool websocket = beast::websocket::is_upgrade(x.request());
  if (!websocket && !accepts_event_stream(x))
    co_return co_await ask_for_upgrade(x);
  auto request = read_request_fields(x);
  if (!request)
    co_return co_await x.send_problem(problem_of(errc::bad_request), request.error().detail);
  if (x.asker().user.empty())
    co_await serve_unknown(x, std::move(*request));
  else
    co_await serve_known(x, std::move(*request), websocket);
}

} // namespace mediad::net::events
