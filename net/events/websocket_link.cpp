#include "net/events/websocket_link.hpp"

#include "net/events/event_stream.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/rfc7230.hpp>

#include <utility>

namespace mediad::net::events {
namespace {

namespace websocket = beast::websocket;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr const char* subprotocol = "mediad.events.v1";
constexpr std::size_t max_message_bytes = 4 * 1024;
constexpr std::chrono::milliseconds closing_time{
  5'000};                                           // for the peer's half of the closing handshake
constexpr std::uint16_t first_invalid_code = 5'000; ///< Close codes 4000..4999 are private.

bool offers_subprotocol(const exchange& x) {
  const auto offered = x.field("Sec-WebSocket-Protocol");
  return offered && http::token_list{*offered}.exists(subprotocol);
}

void configure(websocket_link& l, bool name_subprotocol) {
  l.ws.read_message_max(max_message_bytes);
  l.ws.auto_fragment(false);
  l.ws.text(true);
  l.ws.control_callback([&l](websocket::frame_type kind, beast::string_view) {
    l.heard = websocket_link::clock::now();
    if (kind == websocket::frame_type::close)
      l.check_close_code();
  });
  l.ws.set_option(websocket::stream_base::decorator([=](websocket::response_type& r) {
    r.set(http::field::server, "mediad");
    if (name_subprotocol)
      r.set(http::field::sec_websocket_protocol, subprotocol);
  }));
}

} // namespace

websocket_link::websocket_link(client_stream s)
  : ws{std::move(s)},
    limit{ws.get_executor()},
    grace{ws.get_executor()},
    reader_gone{ws.get_executor()} {}

void websocket_link::check_close_code() {
  if (closing || ws.reason().code < first_invalid_code)
    return;
  closing = true;
  ws.async_close(websocket::close_code::protocol_error,
                 [kept = shared_from_this()](const boost::system::error_code&) {});
}

time_limit::time_limit(const shared_link& l, std::chrono::milliseconds time) : link_{*l} {
  link_.limit.expires_after(time);
  link_.limit.async_wait([l](boost::system::error_code in_time) {
    if (!in_time)
      l->drop();
  });
}

asio::awaitable<shared_link> accept_websocket(exchange& x) {
  shared_link l;
  if (x.buffer().size() > 0) { // frames before the handshake (RFC 6455 section 4.1)
    co_await x.send_problem(problem_of(errc::bad_request), "sent before the upgrade");
    co_return l;
  }
  l = std::make_shared<websocket_link>(x.stream().take());
  bound_send_buffer(l->ws.next_layer());
  configure(*l, offers_subprotocol(x));
  x.ends_by([l] { l->drop(); });
  // Beast writes this answer itself; the exchange must know of it, and that nothing follows.
  x.must_close();
  static_cast<void>(x.begin(answer{http::status::switching_protocols, 11}.base()));
  x.set_broken();
  const time_limit limit{l, x.options().header_timeout};
  const auto [failed] = co_await l->ws.async_accept(x.request(), as_result);
  if (failed)
    l.reset();
  co_return l;
}

asio::awaitable<void> close_websocket(shared_link l, websocket::close_code code,
                                      std::string_view reason) {
  if (std::exchange(l->closing, true))
    co_return;
  const time_limit limit{l, closing_time};
  const websocket::close_reason told{code, {reason.data(), reason.size()}};
  co_await l->ws.async_close(told, as_result);
}

} // namespace mediad::net::events
