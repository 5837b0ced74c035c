#include "net/events/events.hpp"

#include "base/ulid.hpp"
#include "net/events/event_stream.hpp"
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

asio::awaitable<void> serve(exchange& x, request_fields request, bool websocket) {
  const auto executor = co_await asio::this_coro::executor;
  auto stream = std::make_shared<event_stream>(
    x.shared(), executor, x.asker(), interest{x.asker().user, request.files, x.asker().folder});
  for (const auto& file : request.files)
    if (const auto seen = stream->check_file(file); !seen)
      co_return co_await x.send_problem(seen.error());
  // Subscribed first, read from the log afterwards: what happens in between comes both ways, and
  // the outbox lets one of them through.
  const auto subscribed = co_await stream->subscribe(stream->session->filter());
  if (!subscribed)
    co_return co_await x.send_problem(subscribed.error());
  const auto log = x.storage().events();
  if (!log)
    co_return co_await x.send_problem(log.error());
  co_await begin(*stream->session, request.since, *log);
  if (websocket)
    co_await serve_websocket(x, stream);
  else
    co_await serve_sse(x, stream);
}

} // namespace

asio::awaitable<void> serve(exchange& x) {
  const bool websocket = beast::websocket::is_upgrade(x.request());
  if (!websocket && !accepts_event_stream(x))
    co_return co_await ask_for_upgrade(x);
  auto request = read_request_fields(x);
  if (!request)
    co_return co_await x.send_problem(problem_of(errc::bad_request), request.error().detail);
  if (request->files.empty() && x.asker().sees_own_uploads_only)
    co_return co_await x.send_problem(problem_of(errc::bad_request),
                                      "Name the files that you have sent, each by `file`.");
  co_await serve(x, std::move(*request), websocket);
}

} // namespace mediad::net::events
