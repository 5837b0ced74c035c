#include "net/http/body_reader.hpp"

#include "net/backend/services.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/read.hpp>

#include <algorithm>

namespace mediad::net {

namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

/// Long enough for any client that is sending, short against a body_timeout.
constexpr std::chrono::seconds idle_after{1};

} // namespace

asio::awaitable<result<std::size_t>> body_reader::read(std::span<char> into) {
  co_await invite();
  const auto since = pace::clock::now();
  result<std::size_t> got{0};
  if (x_.body().chunked)
    got = co_await read_chunked(into);
  else
    got = co_await read_plain(into);
  x_.read_limit().clear();
  pace_.waited(pace::clock::now() - since);
  if (got && !pace_.came(*got)) {
    timed_out_ = true;
    got = fail(errc::timeout, "the body comes too slowly");
  }
  if (!got) {
    x_.must_close();
    co_return got;
  }
  x_.shared().counters.upload_bytes.fetch_add(*got, std::memory_order_relaxed);
  if (on_bytes_ && *got > 0)
    on_bytes_({into.data(), *got});
  co_return got;
}

asio::awaitable<result<>> body_reader::ready(const std::function<void()>& on_idle) {
  co_await invite();
  if (has_more_at_hand())
    co_return result<>{};
  if (x_.buffer().size() == 0)
    x_.buffer().shrink_to_fit(); // what comes from now on goes elsewhere
  const auto since = pace::clock::now();
  auto problem = co_await readable(idle_after);
  if (problem && x_.read_limit().passed()) {
    on_idle();
    problem = co_await readable(x_.options().body_timeout);
  }
  x_.read_limit().clear();
  pace_.waited(pace::clock::now() - since);
  if (!problem)
    co_return result<>{};
  x_.must_close();
  co_return fail(lost(problem));
}

bool body_reader::has_more_at_hand() const {
  const bool at_end = x_.body().chunked ? x_.parser().is_done() : left_ == 0;
  return at_end || x_.buffer().size() > 0 || x_.stream().has_bytes();
}

asio::awaitable<boost::system::error_code>
body_reader::readable(std::chrono::milliseconds patience) {
  x_.read_limit().set(patience);
  const auto [problem] =
    co_await x_.stream().socket().async_wait(asio::socket_base::wait_read, as_result);
  co_return problem;
}

asio::awaitable<void> body_reader::invite() {
  if (std::exchange(invited_, true))
    co_return;
  const auto expectation = x_.request()[http::field::expect];
  const bool waits = x_.request().version() >= 11 && x_.body().has_body()
                     && beast::iequals(expectation, "100-continue") && x_.buffer().size() == 0;
  if (waits)
    co_await x_.write("HTTP/1.1 100 Continue\r\n\r\n");
}

asio::awaitable<result<std::size_t>> body_reader::read_plain(std::span<char> into) {
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(left_, into.size()));
  if (left_ == 0) {
    x_.body_was_read();
    co_return std::size_t{0};
  }
  auto& early = x_.buffer();
  std::size_t got = std::min(early.size(), wanted);
  if (got > 0) {
    std::copy_n(static_cast<const char*>(early.data().data()), got, into.data());
    early.consume(got);
  } else {
    x_.read_limit().set(x_.options().body_timeout);
    const auto buffer = asio::buffer(into.data(), wanted);
    const auto [problem, n] = co_await x_.stream().async_read_some(buffer, as_result);
    if (problem)
      co_return lost(problem);
    got = n;
  }
  left_ -= got;
  co_return got;
}

asio::awaitable<result<std::size_t>> body_reader::read_chunked(std::span<char> into) {
  auto& parser = x_.parser();
  auto& body = parser.get().body();
  body.data = into.data();
  body.size = into.size();
  while (!parser.is_done() && body.size == into.size()) {
    x_.read_limit().set(x_.options().body_timeout);
    const auto [problem, n] =
      co_await http::async_read_some(x_.stream(), x_.buffer(), parser, as_result);
    if (problem && problem != http::error::need_buffer)
      co_return lost(problem);
  }
  const auto got = into.size() - body.size;
  read_ += got;
  if (read_ > limit_)
    co_return fail(errc::too_large, "chunked body over the limit");
  if (got == 0)
    x_.body_was_read();
  co_return got;
}

error body_reader::lost(const boost::system::error_code& problem) {
  timed_out_ = x_.read_limit().passed();
  if (timed_out_)
    return fail(errc::timeout, "no byte of the body came in time");
  return fail(errc::bad_request, "body broke off: " + problem.message());
}

} // namespace mediad::net
