#include "bench/client.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>

#include <array>
#include <tuple>

namespace mediad::bench {

namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

constexpr auto tuple_of = asio::as_tuple(asio::use_awaitable);
constexpr std::uint64_t max_answer_bytes = std::uint64_t{16} << 20U;

} // namespace

client::client(asio::any_io_executor io, const asio::ip::tcp::endpoint& server)
  : server_{server}, socket_{std::move(io)} {}

asio::awaitable<result<>> client::connect() {
  boost::system::error_code failed;
  static_cast<void>(socket_.close(failed));
  input_.clear();
  std::tie(failed) = co_await socket_.async_connect(server_, tuple_of);
  if (failed)
    co_return fail(errc::internal, "connect: " + failed.message());
  static_cast<void>(socket_.set_option(asio::ip::tcp::no_delay{true}, failed));
  co_return result<>{};
}

asio::awaitable<result<>> client::send(const std::string& head, body_source* body,
                                       std::uint64_t number) {
  auto piece = body == nullptr ? std::string_view{} : body->piece(number, 0);
  // The head and the first bytes go out together, as from any client that cares for speed.
  std::array<asio::const_buffer, 2> both{asio::buffer(head), asio::buffer(piece)};
  auto [failed, sent] = co_await asio::async_write(socket_, both, tuple_of);
  for (std::uint64_t offset = piece.size(); !failed && !piece.empty(); offset += piece.size()) {
    piece = body->piece(number, offset);
    std::tie(failed, sent) = co_await asio::async_write(socket_, asio::buffer(piece), tuple_of);
  }
  if (failed)
    co_return fail(errc::internal, "send: " + failed.message());
  co_return result<>{};
}

asio::awaitable<result<answer>> client::exchange(std::string head, body_source* body,
                                                 std::uint64_t number) {
  if (!socket_.is_open())
    if (const auto connected = co_await connect(); !connected)
      co_return fail(connected.error());
  // A server that refuses a body may answer and close before it has seen all of it.
  const auto sent = co_await send(head, body, number);
  http::response_parser<http::string_body> parser;
  parser.body_limit(max_answer_bytes);
  const auto [failed, n] = co_await http::async_read(socket_, input_, parser, tuple_of);
  boost::system::error_code ignored;
  if (failed || !sent || !parser.keep_alive())
    static_cast<void>(socket_.close(ignored));
  if (failed)
    co_return fail(errc::internal, sent ? "read: " + failed.message() : sent.error().detail);
  co_return parser.release();
}

} // namespace mediad::bench
