#pragma once

#include "base/error.hpp"
#include "base/file.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <vector>

namespace mediad::net {

/// Where a server listens.
struct listen_address {
  boost::asio::ip::tcp::endpoint tcp; ///< Meaningless if there is a file.
  std::filesystem::path file;         ///< Of a UNIX socket.

  bool is_file() const {
    return !file.empty();
  }
};

/// What is spoken with those that come by one address.
enum class spoken : std::uint8_t {
  plain,    ///< HTTP in the clear.
  tls,      ///< HTTP in TLS.
  redirect, ///< HTTP in the clear, whose only answer is where TLS is spoken.
};

/// `127.0.0.1:8080`, `[::1]:0`, `unix:/run/mediad/http.sock`.
/// @returns errc::bad_request, which names the text.
result<listen_address> parse_listen(std::string_view text);
/// The inverse.
std::string to_string(const listen_address& a);

/// A socket that listens, not blocking; with a file, its name goes with it.
class listener {
public:
  /// @param first  asks whether the address is free, and picks the port if it is 0. Others of this
  ///               process may join the address of the first.
  /// @param mode   of the file of a UNIX socket; it never had a wider one.
  /// @returns errc::storage_io, which names the address.
  static result<listener> open(listen_address where, spoken what, bool first, mode_t mode);

  listener(listener&&) noexcept = default;
  listener& operator=(listener&&) = delete;
  /// Removes the file, if it was first there and the file is still its own.
  ~listener();

  /// Another one with the same address, for another I/O thread: connections are shared out among
  /// them by the kernel.
  result<listener> again() const;

  /// With the port that was really bound.
  const listen_address& where() const {
    return where_;
  }
  spoken what() const {
    return what_;
  }
  /// The descriptor, which the caller closes from now on; the name of a file stays with this.
  int take_socket() {
    return socket_.release();
  }

private:
  listener(listen_address where, spoken what, unique_fd socket);
  listen_address where_;
  spoken what_;
  unique_fd socket_;
  unique_fd is_first_; ///< The folder of the file that this one has made.
  struct stat made_ {};
};

} // namespace mediad::net
