#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>

// OpenSSL's own names of SSL and SSL_CTX, so that its headers stay in one source.
struct ssl_st;
struct ssl_ctx_st;

/// TLS 1.2 and 1.3 on the server's side, by OpenSSL.
namespace mediad::net {

/// How far one call of TLS came. The socket never blocks.
struct tls_step {
  enum class outcome : std::uint8_t {
    done,        ///< `bytes` were read or written; of a handshake: it is over.
    wants_read,  ///< Call again with the same bytes once the socket can be read.
    wants_write, ///< Call again with the same bytes once the socket can be written.
    ended,       ///< The client has said that it sends nothing more.
    failed,      ///< The connection is lost, or what came is not TLS.
  };
  outcome how = outcome::failed;
  std::size_t bytes = 0;
};

/// TLS of one connection. It reads and writes the socket itself and keeps no buffer while nothing
/// is under way. Belongs to one I/O thread.
class tls_session {
public:
  tls_session(ssl_st* made, int socket);
  tls_session(const tls_session&) = delete;
  tls_session& operator=(const tls_session&) = delete;
  ~tls_session();

  tls_step handshake();
  tls_step read(std::span<char> into);
  /// Writes one record, at most 16 KiB. @param bytes  not empty.
  tls_step write(std::string_view bytes);
  /// Says that nothing more will be written (close_notify, RFC 8446 section 6.1), if there is room
  /// for it.
  void finish_sending();
  /// Bytes have been decrypted that nobody has read.
  bool has_bytes() const;
  /// Whether bytes could be read, without taking them: `ended` or `failed` if the client has left.
  tls_step peek();

private:
  tls_step step_of(int returned, std::size_t bytes);
  struct freed {
    void operator()(ssl_st* s) const;
  };
  std::unique_ptr<ssl_st, freed> ssl_;
  bool broken_ = false; ///< OpenSSL must not be asked for anything more, a farewell included.
};

/// What an operator may want to know of a certificate.
struct certificate_facts {
  unix_ms begins_at = 0;
  unix_ms ends_at = 0;
  std::string names; ///< The names that it is for, with spaces between; may be empty.
};

/// The certificate and key under which a server speaks TLS. May be used from any thread.
class tls_identity {
public:
  /// Reads both, and uses them for connections that begin from now on. On failure, what was
  /// there before stays.
  /// @param certificate  PEM: the server's own first, then those that lead to its issuer.
  /// @param key          PEM, without a password.
  /// @returns errc::bad_request with a sentence for an operator.
  result<certificate_facts> load(const std::filesystem::path& certificate,
                                 const std::filesystem::path& key);
  bool is_loaded() const;

  /// TLS for a connection that was accepted. @returns null without a certificate or memory.
  std::unique_ptr<tls_session> begin(int socket) const;

private:
  std::shared_ptr<ssl_ctx_st> current() const;
  mutable std::mutex guard_;
  std::shared_ptr<ssl_ctx_st> context_;
};

/// What others than the file's owner and group may do with a key file, as a sentence; empty if
/// they may do nothing.
std::string find_open_key(const std::filesystem::path& key);

} // namespace mediad::net
