#pragma once

#include "net/io/alarm.hpp"
#include "net/io/tls.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/websocket/teardown.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace mediad::net {

/// The address of one end of a connection; unspecified if it is a UNIX socket's.
boost::asio::ip::address address_of(const boost::asio::generic::stream_protocol::endpoint& e);

/// The connection to one client: by TCP or by a UNIX socket, in the clear or in TLS. What reads and
/// writes through it need not know which. One read and one write may be under way at a time.
/// Belongs to one I/O thread.
class client_stream {
  using lower_stream = boost::beast::basic_stream<boost::asio::generic::stream_protocol>;
  using error_code = boost::system::error_code;

public:
  using socket_type = lower_stream::socket_type;
  using executor_type = lower_stream::executor_type;

  /// @param peer  the address at the other end; unspecified for a UNIX socket.
  /// @param tls   made for this very socket; null: in the clear.
  client_stream(socket_type socket, boost::asio::ip::address peer,
                std::unique_ptr<tls_session> tls = nullptr);
  client_stream(client_stream&&) noexcept;
  client_stream& operator=(client_stream&&) = delete;
  ~client_stream();

  executor_type get_executor() {
    return socket().get_executor();
  }
  /// The socket below TLS: for waiting and for options.
  socket_type& socket();
  /// Null in the clear.
  tls_session* tls();
  bool is_secure() const;
  const boost::asio::ip::address& peer() const;

  /// From now on a read or write that is still under way then closes the connection.
  void expires_after(std::chrono::milliseconds time);
  void expires_never();
  /// Ends what is under way with operation_aborted.
  void cancel();
  void close();
  /// Says that nothing more will come; the client may still be heard.
  void finish_sending();
  /// Takes the connection over, for which this one is then closed.
  client_stream take();

  /// Bytes of the client's are here already.
  bool has_bytes();
  /// The client has closed its side, as far as can be told without reading. False as well if it
  /// has sent something that nobody has read.
  bool has_left();

  /// Needed before anything else if it is_secure().
  template <class Token>
  auto async_handshake(Token&& token) {
    return transfer(way::handshake, nullptr, 0, std::forward<Token>(token));
  }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& into, Token&& token) {
    if (!is_secure())
      return lower().async_read_some(into, std::forward<Token>(token));
    const auto first = first_of<boost::asio::mutable_buffer>(into);
    return transfer(way::read, static_cast<char*>(first.data()), first.size(),
                    std::forward<Token>(token));
  }

  template <class Buffers, class Token>
  auto async_write_some(const Buffers& from, Token&& token) {
    if (!is_secure())
      return lower().async_write_some(from, std::forward<Token>(token));
    const auto all = gather(from);
    // What is to be sent is only read.
    auto* bytes = const_cast<char*>(static_cast<const char*>(all.data())); // NOLINT
    return transfer(way::write, bytes, all.size(), std::forward<Token>(token));
  }

private:
  enum class way : std::uint8_t { handshake, read, write };
  struct parts;

  /// What came of one attempt.
  struct attempt {
    enum class next : std::uint8_t { over, wait_read, wait_write };
    next then = next::over;
    error_code problem;
    std::size_t bytes = 0;
  };

  /// Goes on until TLS has moved a byte: waits for the socket as often as it must.
  struct transfer_step {
    parts* s;
    way what;
    char* data;
    std::size_t size;
    bool has_waited = false;
    bool is_over = false;
    attempt last;

    template <class Self>
    void operator()(Self& self, error_code failed = {}) {
      if (!is_over)
        last = try_once(*s, what, data, size, failed);
      if (last.then != attempt::next::over) {
        has_waited = true;
        return wait_socket(*s).async_wait(last.then == attempt::next::wait_read
                                            ? boost::asio::socket_base::wait_read
                                            : boost::asio::socket_base::wait_write,
                                          std::move(self));
      }
      // Whoever began this must have returned before it hears of the end.
      if (!has_waited && !is_over) {
        is_over = true;
        return boost::asio::post(wait_socket(*s).get_executor(), std::move(self));
      }
      const auto ended = last;
      self.complete(ended.problem, ended.bytes);
    }
  };

  template <class Token>
  auto transfer(way what, char* data, std::size_t size, Token&& token) {
    transfer_step step{parts_.get(), what, data, size, false, false, {}};
    return boost::asio::async_compose<Token, void(error_code, std::size_t)>(step, token, socket());
  }

  /// The first buffer that is not empty.
  template <class Buffer, class Buffers>
  static Buffer first_of(const Buffers& all) {
    const auto end = boost::asio::buffer_sequence_end(all);
    for (auto one = boost::asio::buffer_sequence_begin(all); one != end; ++one)
      if (const Buffer b{*one}; b.size() > 0)
        return b;
    return {};
  }

  /// One buffer with the first bytes of all: a record and a packet for each would be a waste.
  template <class Buffers>
  boost::asio::const_buffer gather(const Buffers& all) {
    const auto first = first_of<boost::asio::const_buffer>(all);
    const auto total = std::min(boost::asio::buffer_size(all), max_gathered);
    if (first.size() >= total)
      return first;
    const auto room = boost::asio::buffer(room_for(total), total);
    return {room.data(), boost::asio::buffer_copy(room, all)};
  }

  static constexpr std::size_t max_gathered = std::size_t{16} << 10U; ///< One record of TLS.

  static attempt try_once(parts& s, way what, char* data, std::size_t size, error_code failed);
  static socket_type& wait_socket(parts& s);
  lower_stream& lower();
  char* room_for(std::size_t bytes);

  std::unique_ptr<parts> parts_;
};

/// The end of a connection that Beast gives up.
void beast_close_socket(client_stream& s);

/// The end of a WebSocket's connection, as Beast asks for it.
void teardown(boost::beast::role_type role, client_stream& s, boost::system::error_code& problem);

template <class Handler>
void async_teardown(boost::beast::role_type role, client_stream& s, Handler&& handler) {
  if (auto* tls = s.tls())
    tls->finish_sending();
  boost::beast::websocket::async_teardown(role, s.socket(), std::forward<Handler>(handler));
}

} // namespace mediad::net
