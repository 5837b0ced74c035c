#pragma once

#include "net/io/client_stream.hpp"
#include "net/io/tls.hpp"
#include "tests/net/io/certificate.hpp"
#include "tests/temp_root.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <csignal>
#include <functional>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace mediad::tests {

namespace asio = boost::asio;

inline constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

/// A client on a thread of its own, which shares nothing with the server but OpenSSL.
struct tls_client {
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context{SSL_CTX_new(TLS_client_method()),
                                                       SSL_CTX_free};
  std::unique_ptr<SSL, void (*)(SSL*)> ssl{nullptr, SSL_free};
  int fd;

  explicit tls_client(int socket) : fd{socket} {}
  ~tls_client() {
    ssl.reset();
    ::close(fd);
  }

  bool connect() {
    ssl.reset(SSL_new(context.get()));
    SSL_set_fd(ssl.get(), fd);
    return SSL_connect(ssl.get()) == 1;
  }
  std::string name() const {
    const std::unique_ptr<X509, void (*)(X509*)> shown{SSL_get1_peer_certificate(ssl.get()),
                                                       X509_free};
    std::array<char, 64> text{};
    X509_NAME_get_text_by_NID(X509_get_subject_name(shown.get()), NID_commonName, text.data(),
                              text.size());
    return text.data();
  }
  std::string read(std::size_t bytes) {
    std::string out(bytes, '\0');
    std::size_t got = 0;
    while (got < bytes) {
      const int n = SSL_read(ssl.get(), out.data() + got, static_cast<int>(bytes - got));
      if (n <= 0)
        break;
      got += static_cast<std::size_t>(n);
    }
    out.resize(got);
    return out;
  }
};

struct tls_fixture {
  temp_root dir;
  net::tls_identity identity;
  asio::io_context io{1};

  tls_fixture() {
    static_cast<void>(std::signal(SIGPIPE, SIG_IGN)); // as the server's main does
  }

  certificate use(const std::string& name) {
    certificate made{dir.path, name};
    identity.load(made.file, made.key).value();
    return made;
  }

  /// Both ends of a connection: ours, and the descriptor of the client's.
  std::pair<net::client_stream, int> connection() {
    std::array<int, 2> both{};
    ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, both.data());
    net::client_stream::socket_type socket{io, {AF_UNIX, 0}, both[0]};
    auto tls = identity.begin(both[0]);
    return {net::client_stream{std::move(socket), {}, std::move(tls)}, both[1]};
  }

  /// Runs both to their ends.
  void run(const std::function<asio::awaitable<void>()>& serve, std::function<void()> ask) {
    asio::co_spawn(io, serve(), asio::detached);
    std::thread other{std::move(ask)};
    io.restart();
    io.run();
    other.join();
  }

  /// Whether client and server agree on how to speak; both leave then.
  bool get_through(net::client_stream& ours, tls_client& asks) {
    bool is_through = false;
    run(
      [&]() -> asio::awaitable<void> {
        co_await ours.async_handshake(as_result);
        ours.close();
      },
      [&] {
        is_through = asks.connect();
        ::shutdown(asks.fd, SHUT_RDWR); // also if nothing was sent
      });
    return is_through;
  }

  std::string why_refused(const std::filesystem::path& shown, const std::filesystem::path& key) {
    const auto loaded = identity.load(shown, key);
    return loaded ? std::string{} : loaded.error().detail;
  }
};

} // namespace mediad::tests
