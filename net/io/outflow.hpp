#pragma once

#include "net/fields/range.hpp"
#include "net/io/client_stream.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <string_view>

namespace mediad::net {

/// Bytes going out to one client without a copy of their own: straight to the socket, files by
/// sendfile(2), never more in memory than the kernel's buffer. In TLS a file goes through a buffer
/// of 64 KiB, which lasts as long as the call. Each call gives up when not a single byte could
/// leave for the time limit. Must not be used beside another writer of the same stream. The process
/// must ignore SIGPIPE: unlike send(2), sendfile(2) cannot do without the signal.
class outflow {
public:
  /// @param s           outlives this; set to non-blocking here.
  /// @param no_progress longest time without a byte leaving.
  outflow(client_stream& s, std::chrono::milliseconds no_progress);

  /// @param more  the next call follows at once: lets the kernel put both into one packet.
  /// @returns false if the connection is lost or stalled; nothing more may be sent then.
  boost::asio::awaitable<bool> send(std::string_view bytes, bool more = false);

  /// Sends a piece of an open file; yields to other connections of the thread now and then.
  /// @returns false as above, and if the file ends before the range does.
  boost::asio::awaitable<bool> send_file(int fd, fields::byte_range range);

  /// Waits until a byte could leave. @returns false after the time limit.
  boost::asio::awaitable<bool> writable();

private:
  boost::asio::awaitable<bool> ready(bool to_write);
  boost::asio::awaitable<bool> send_in_tls(std::string_view bytes);
  boost::asio::awaitable<bool> send_file_in_tls(int fd, fields::byte_range range);

  client_stream& stream_;
  std::chrono::milliseconds no_progress_;
};

} // namespace mediad::net
