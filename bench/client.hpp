#pragma once

#include "base/error.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include <cstdint>
#include <string>

#include "bench/body.hpp"

namespace mediad::bench {

using answer = boost::beast::http::response<boost::beast::http::string_body>;

/// One connection that is kept alive, and made anew when the server has closed it.
class client {
public:
  client(boost::asio::any_io_executor io, const boost::asio::ip::tcp::endpoint& server);

  boost::asio::awaitable<result<>> connect();

  /// Sends a request and reads its answer.
  /// @param head    with its empty line.
  /// @param body    null: the head is all.
  /// @param number  which body.
  boost::asio::awaitable<result<answer>> exchange(std::string head, body_source* body,
                                                  std::uint64_t number);

private:
  boost::asio::awaitable<result<>> send(const std::string& head, body_source* body,
                                        std::uint64_t number);

  boost::asio::ip::tcp::endpoint server_;
  boost::asio::ip::tcp::socket socket_;
  boost::beast::flat_buffer input_;
};

} // namespace mediad::bench
