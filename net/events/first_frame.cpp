#include "net/events/first_frame.hpp"

#include "base/log.hpp"
#include "net/access/credentials.hpp"
#include "net/backend/services.hpp"
#include "net/events/messages.hpp"
#include "net/http/forwarded.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace mediad::net::events {
namespace {

using beast::websocket::close_code;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::string_view too_many_tries = "too_many_tries";

/// Closes the connection, by itself and in the background, if it goes on for too long.
class patience {
public:
  patience(asio::any_io_executor executor, const shared_link& l, std::chrono::milliseconds time)
    : timer_{executor} {
    timer_.expires_after(time);
    timer_.async_wait([executor, l](boost::system::error_code in_time) {
      if (in_time)
        return;
      const std::string_view reason = problem_of(errc::unauthenticated).code;
      asio::co_spawn(executor, close_websocket(l, close_code::policy_error, reason),
                     asio::detached);
    });
  }

private:
  asio::steady_timer timer_;
};

/// The first message, if it is a text.
asio::awaitable<std::optional<std::string>> read_first(exchange& x, const shared_link& l) {
  const auto executor = co_await asio::this_coro::executor;
  const auto watch = x.stopping().on_stop([l, executor] {
    const std::string_view no_reason;
    asio::co_spawn(executor, close_websocket(l, close_code::going_away, no_reason), asio::detached);
  });
  const patience waits{executor, l, std::min(max_first_frame_time, x.options().header_timeout)};
  beast::flat_buffer message;
  // Beast itself answers a close, and a message over the limit (1009).
  const auto [failed, size] = co_await l->ws.async_read(message, as_result);
  std::optional<std::string> text;
  if (!failed && l->ws.got_text())
    text = beast::buffers_to_string(message.data());
  co_return text;
}

/// Those behind a token or an upload ticket, which both are sent as `Authorization: Bearer`, too.
class claim {
public:
  explicit claim(const std::string& token) {
    head_.set(http::field::authorization, "Bearer " + token);
    // No user has a name with a space, so these guesses are counted apart from theirs.
    const auto shown = read_credential(head_, {});
    name_ = "token " + (shown ? shown->id : std::string{});
  }

  const http::request_header<>& head() const {
    return head_;
  }
  /// Under which wrong guesses are counted: of one token, whatever its secret.
  const std::string& name() const {
    return name_;
  }

private:
  http::request_header<> head_;
  std::string name_;
};

bool sends_too_much(exchange& x, const caller& who) {
  return x.options().request_rate != 0
         && x.shared().of_credentials.take(who.credential).count() > 0;
}

/// @returns a reason to close the connection; empty: the asker is known now.
std::string_view find_asker(exchange& x, const std::string& token, const std::string& address) {
  const claim shown{token};
  auto& wrong = x.shared().wrong_guesses;
  if (wrong.wait_of(shown.name(), address).count() > 0)
    return too_many_tries;
  auto who = x.shared().deps.who_asks(shown.head());
  if (!who) {
    if (who.error().code == errc::unauthenticated)
      wrong.was_wrong(shown.name(), address);
    else
      log::error("events", who.error());
    return problem_of(who.error().code).code;
  }
  if (!who->may.has_any_of({right::read, right::upload}))
    return missing_right.code;
  if (sends_too_much(x, *who))
    return problem_of(errc::too_many).code;
  who->sees_own_uploads_only = !who->may.has(right::read);
  x.set_asker(*std::move(who));
  return {};
}

} // namespace

bool may_show_token_later(const exchange& x) {
  return beast::websocket::is_upgrade(x.request()) && !x.field("Authorization")
         && !read_credential(x.request(), x.options().base_path);
}

asio::awaitable<bool> take_first_frame(exchange& x, shared_link l) {
  const auto address = client_address(x);
  const auto text = co_await read_first(x, l);
  auto token = text ? parse_auth(*text) : std::nullopt;
  std::string_view reason = problem_of(errc::unauthenticated).code;
  if (token)
    reason = find_asker(x, *token, address);
  if (!reason.empty())
    co_await close_websocket(l, close_code::policy_error, reason);
  co_return reason.empty();
}

asio::awaitable<void> refuse_listener(shared_link l, error why) {
  const auto& told = problem_of(why.code);
  const bool is_client = told.status < 500;
  if (!is_client)
    log::error("events", why);
  const auto code = is_client ? close_code::policy_error : close_code::internal_error;
  co_await close_websocket(l, code, told.code);
}

} // namespace mediad::net::events
