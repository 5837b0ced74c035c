#include "net/io/tls.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <ctime>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

namespace mediad::net {

namespace {

/// Of TLS 1.2 only what has forward secrecy and authenticates what it encrypts (RFC 9325 section
/// 4.2); all that TLS 1.3 has is so.
constexpr const char* ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

/// The only protocol spoken here (RFC 7301), in the form of the wire.
constexpr std::array<unsigned char, 9> http11{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

/// Why OpenSSL refused, without its numbers.
std::string reason() {
  const auto code = ERR_peek_last_error();
  ERR_clear_error();
  if (ERR_SYSTEM_ERROR(code))
    return std::error_code{ERR_GET_REASON(code), std::generic_category()}.message();
  const char* text = ERR_reason_error_string(code);
  return text != nullptr ? text : "it is not what it should be";
}

/// A client that offers other protocols only is refused: it could be talked into speaking one of
/// them to this server (RFC 7301 section 3.2).
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size,
                    const unsigned char* offered, unsigned offered_size, void*) {
  unsigned char* chosen = nullptr;
  const int found =
    SSL_select_next_proto(&chosen, out_size, http11.data(), http11.size(), offered, offered_size);
  *out = chosen;
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

/// Instead of asking for a password on the terminal.
int no_password(char*, int, int, void*) {
  return 0;
}

bool configure(SSL_CTX* c) {
  SSL_CTX_set_options(c, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION
                           | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA
                           | SSL_OP_IGNORE_UNEXPECTED_EOF);
  // A buffer of a connection that is idle would be 34 KiB.
  SSL_CTX_set_mode(c, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE
                        | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_alpn_select_cb(c, choose_protocol, nullptr);
  SSL_CTX_set_default_passwd_cb(c, no_password);
  return SSL_CTX_set_min_proto_version(c, TLS1_2_VERSION) == 1
         && SSL_CTX_set_cipher_list(c, ciphers) == 1;
}

unix_ms time_of(const ASN1_TIME* t) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(t, &parts) != 1)
    return 0;
  return static_cast<unix_ms>(::timegm(&parts)) * 1'000;
}

/// The names of the extension subjectAltName; browsers look at no others.
std::string names_of(const X509* certificate) {
  std::string out;
  const std::unique_ptr<GENERAL_NAMES, void (*)(GENERAL_NAMES*)> all{
    static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
    GENERAL_NAMES_free};
  for (int i = 0; all && i < sk_GENERAL_NAME_num(all.get()); ++i) {
    const auto* one = sk_GENERAL_NAME_value(all.get(), i);
    if (one->type != GEN_DNS)
      continue;
    const auto* text = one->d.dNSName;
    out.append(out.empty() ? "" : " ");
    out.append(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)), // NOLINT: of C
               static_cast<std::size_t>(ASN1_STRING_length(text)));
  }
  return out;
}

tls_step gone() {
  return {tls_step::outcome::failed, 0};
}

} // namespace

void tls_session::freed::operator()(SSL* s) const {
  SSL_free(s);
}

tls_session::tls_session(SSL* made, int socket) : ssl_{made} {
  SSL_set_accept_state(ssl_.get());
  broken_ = SSL_set_fd(ssl_.get(), socket) != 1;
}

tls_session::~tls_session() = default;

/// What a call has returned. The queue of errors, which is the thread's, must have been empty
/// before the call.
tls_step tls_session::step_of(int returned, std::size_t bytes) {
  using outcome = tls_step::outcome;
  if (returned == 1)
    return {outcome::done, bytes};
  const auto how = SSL_get_error(ssl_.get(), returned);
  ERR_clear_error();
  switch (how) {
  case SSL_ERROR_WANT_READ: return {outcome::wants_read, 0};
  case SSL_ERROR_WANT_WRITE: return {outcome::wants_write, 0};
  case SSL_ERROR_ZERO_RETURN: return {outcome::ended, 0};
  default: broken_ = true; return gone();
  }
}

tls_step tls_session::handshake() {
  if (broken_)
    return gone();
  ERR_clear_error();
  return step_of(SSL_do_handshake(ssl_.get()), 0);
}

tls_step tls_session::read(std::span<char> into) {
  if (broken_)
    return gone();
  ERR_clear_error();
  std::size_t got = 0;
  const int returned = SSL_read_ex(ssl_.get(), into.data(), into.size(), &got);
  return step_of(returned, got);
}

tls_step tls_session::write(std::string_view bytes) {
  if (broken_)
    return gone();
  ERR_clear_error();
  std::size_t sent = 0;
  const int returned = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &sent);
  return step_of(returned, sent);
}

tls_step tls_session::peek() {
  if (broken_)
    return gone();
  ERR_clear_error();
  char byte = 0;
  std::size_t got = 0;
  const int returned = SSL_peek_ex(ssl_.get(), &byte, 1, &got);
  return step_of(returned, got);
}

void tls_session::finish_sending() {
  if (broken_ || SSL_is_init_finished(ssl_.get()) != 1)
    return;
  ERR_clear_error();
  // 0: ours is said, the client's is not waited for.
  if (const int said = SSL_shutdown(ssl_.get()); said < 0)
    static_cast<void>(step_of(said, 0));
}

bool tls_session::has_bytes() const {
  return SSL_pending(ssl_.get()) > 0;
}

result<certificate_facts> tls_identity::load(const std::filesystem::path& certificate,
                                             const std::filesystem::path& key) {
  ERR_clear_error();
  const std::shared_ptr<SSL_CTX> made{SSL_CTX_new(TLS_server_method()), SSL_CTX_free};
  if (!made || !configure(made.get()))
    return fail(errc::internal, "TLS cannot be set up: " + reason());
  if (SSL_CTX_use_certificate_chain_file(made.get(), certificate.c_str()) != 1)
    return fail(errc::bad_request,
                "the certificate " + certificate.string() + " cannot be used: " + reason());
  // The key is compared with the certificate here.
  if (SSL_CTX_use_PrivateKey_file(made.get(), key.c_str(), SSL_FILETYPE_PEM) != 1)
    return fail(errc::bad_request, "the key " + key.string()
                                     + " cannot be used with the certificate "
                                     + certificate.string() + ": " + reason());
  const auto* own = SSL_CTX_get0_certificate(made.get());
  certificate_facts facts;
  facts.begins_at = time_of(X509_get0_notBefore(own));
  facts.ends_at = time_of(X509_get0_notAfter(own));
  facts.names = names_of(own);
  const std::lock_guard lock{guard_};
  context_ = made;
  return facts;
}

std::shared_ptr<SSL_CTX> tls_identity::current() const {
  const std::lock_guard lock{guard_};
  return context_;
}

bool tls_identity::is_loaded() const {
  return current() != nullptr;
}

std::unique_ptr<tls_session> tls_identity::begin(int socket) const {
  const auto context = current();
  auto* made = context ? SSL_new(context.get()) : nullptr; // it keeps the context
  return made != nullptr ? std::make_unique<tls_session>(made, socket) : nullptr;
}

std::string find_open_key(const std::filesystem::path& key) {
  struct stat found {};
  if (::stat(key.c_str(), &found) != 0 || (found.st_mode & S_IRWXO) == 0)
    return {};
  const bool is_read = (found.st_mode & S_IROTH) != 0;
  return key.string() + (is_read ? " can be read" : " can be changed")
         + " by every user of this machine: chmod o= " + key.string();
}

} // namespace mediad::net
