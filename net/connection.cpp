#include "net/connection.hpp"

#include "base/log.hpp"
#include "net/access/credentials.hpp"
#include "net/backend/services.hpp"
#include "net/handlers.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <chrono>
#include <iterator>
#include <stdexcept>

namespace mediad::net {

namespace {

using clock = std::chrono::steady_clock;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t read_bytes = 2'048;
constexpr std::size_t idle_bytes = 16'384;
constexpr std::chrono::seconds linger_pause{2};
constexpr std::chrono::seconds linger_limit{5};

/// @returns false if no TLS comes of it; in the clear nothing is to be done.
asio::awaitable<bool> shake_hands(wire& w) {
  if (!w.stream.is_secure())
    co_return true;
  if (w.stopping.raised())
    co_return false;
  const auto watch = w.stopping.on_stop([&w] { w.stream.cancel(); });
  w.stream.expires_after(w.shared.options.header_timeout);
  const auto [problem, nothing] = co_await w.stream.async_handshake(as_result);
  co_return !problem;
}

/// Waits for the first byte of a request.
/// @returns false if the connection ends instead.
asio::awaitable<bool> await_request(wire& w) {
  if (w.buffer.size() > 0)
    co_return true;
  if (w.stopping.raised())
    co_return false;
  const auto watch = w.stopping.on_stop([&w] { w.stream.cancel(); });
  if (w.buffer.capacity() > idle_bytes) // a chunked body went through it
    w.buffer.shrink_to_fit();
  w.stream.expires_after(w.shared.options.idle_timeout);
  const auto space = w.buffer.prepare(read_bytes);
  const auto [problem, n] = co_await w.stream.async_read_some(space, as_result);
  if (problem)
    co_return false;
  w.buffer.commit(n);
  co_return true;
}

bool has_too_many_fields(const wire& w, const request_parser& parser) {
  const auto& fields = parser.get();
  const auto limit = static_cast<std::ptrdiff_t>(w.shared.options.max_header_fields);
  return std::distance(fields.begin(), fields.end()) > limit;
}

/// Reads a head. Not by Beast's own operation: Beast 1.81 limits each line, but not their sum.
asio::awaitable<beast::error_code> read_head(wire& w, request_parser& parser) {
  const std::size_t limit = w.shared.options.max_header_bytes;
  parser.header_limit(w.shared.options.max_header_bytes);
  for (std::size_t taken = 0;;) {
    if (taken == 0) {
      const auto head = w.buffer.data();
      fields::lower_version({static_cast<char*>(head.data()), head.size()});
    }
    beast::error_code trouble;
    const auto used = parser.put(w.buffer.data(), trouble);
    w.buffer.consume(used);
    taken += used;
    if (parser.is_header_done()) {
      const bool too_large = taken > limit || has_too_many_fields(w, parser);
      co_return too_large ? http::error::header_limit : beast::error_code{};
    }
    if (trouble && trouble != http::error::need_more)
      co_return trouble;
    if (taken + w.buffer.size() > limit)
      co_return http::error::header_limit;
    const auto space = w.buffer.prepare(read_bytes);
    const auto [lost, n] = co_await w.stream.async_read_some(space, as_result);
    if (lost)
      co_return lost;
    w.buffer.commit(n);
  }
}

/// What a head that cannot be read is answered with; nothing: not at all.
std::optional<problem> refusal_of(const beast::error_code& trouble) {
  if (trouble == http::error::header_limit)
    return header_too_large;
  const bool malformed = trouble.category() == make_error_code(http::error::bad_method).category();
  if (malformed)
    return problem_of(errc::bad_request);
  return std::nullopt;
}

asio::awaitable<void> refuse(wire& w, request_parser& parser, problem p) {
  exchange x{w, parser, fields::framing{}, fields::target{}};
  prepare_answer(x);
  x.must_close();
  co_await x.send_problem(p);
}

asio::awaitable<void> answer_request(exchange& x) {
  std::string bug;
  try {
    co_await handle(x);
  } catch (const boost::system::system_error& e) {
    if (e.code() == asio::error::operation_aborted)
      throw; // the server stops and its grace is over
    bug = e.what();
  } catch (const std::exception& e) {
    bug = e.what();
  }
  if (!bug.empty())
    log::error("http", "a handler threw: " + bug);
  if (bug.empty() && x.answered())
    co_return;
  x.must_close();
  if (!x.answered())
    co_await x.send_problem(fail(errc::internal, "a handler gave no answer"));
}

/// How a request left its connection.
enum class after_request {
  next,    ///< Another may follow.
  closed,  ///< Nothing of the client's is unread: close.
  discard, ///< The client may still be sending: let it finish hearing us first.
};

asio::awaitable<after_request> serve_request(wire& w) {
  request_parser parser;
  parser.body_limit(boost::none);
  w.limit.set(w.shared.options.header_timeout);
  const auto trouble = co_await read_head(w, parser);
  w.limit.clear();
  if (trouble) {
    const auto refusal = w.limit.passed() ? std::optional{request_timeout} : refusal_of(trouble);
    if (!refusal)
      co_return after_request::closed;
    co_await refuse(w, parser, *refusal);
    co_return after_request::discard;
  }
  if (w.stream.is_secure())
    drop_insecure_cookie(parser.get());
  const auto body = fields::check_framing(parser.get());
  auto to = fields::parse_target({parser.get().target().data(), parser.get().target().size()});
  if (!body || !to) {
    log::debug("http", body ? to.error().detail : body.error().detail);
    co_await refuse(w, parser, problem_of(errc::bad_request));
    co_return after_request::discard;
  }
  fields::leave_base_path(*to, w.shared.options.base_path);
  exchange x{w, parser, *body, std::move(*to)};
  prepare_answer(x);
  co_await answer_request(x);
  if (x.broken())
    co_return after_request::closed;
  if (x.keeps_alive())
    co_return after_request::next;
  co_return x.body().has_body() ? after_request::discard : after_request::closed;
}

/// A socket that is closed with unread bytes resets the connection, and the client may never see
/// the answer: says that we are done, and reads until the client is, too.
asio::awaitable<void> linger(wire& w) {
  w.stream.finish_sending();
  std::array<char, 16'384> sink;
  const auto until = clock::now() + linger_limit;
  while (clock::now() < until) {
    w.stream.expires_after(linger_pause);
    const auto [problem, n] = co_await w.stream.async_read_some(asio::buffer(sink), as_result);
    if (problem)
      co_return;
  }
}

} // namespace

asio::awaitable<void> serve_connection(wire& w) {
  if (!co_await shake_hands(w))
    co_return;
  auto last = after_request::next;
  while (last == after_request::next) {
    const bool wanted = co_await await_request(w);
    if (!wanted)
      break;
    last = co_await serve_request(w);
  }
  if (last == after_request::discard)
    co_await linger(w);
  beast::error_code ignored;
  w.stream.finish_sending();
  w.stream.socket().shutdown(client_stream::socket_type::shutdown_both, ignored);
}

} // namespace mediad::net
