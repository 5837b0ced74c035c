#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace mediad::net {

/// Whether a client hears at once where its upload can be resumed.
enum class interim_answers : std::uint8_t { off, on };

struct settings {
  /// Where HTTP is spoken in the clear: `127.0.0.1:8080`, `[::1]:0` (port 0: any free one),
  /// `unix:/run/mediad/http.sock`. The first one is what server::address() tells.
  std::vector<std::string> listen{"127.0.0.1:8080"};
  std::vector<std::string> tls_listen;      ///< Where it is spoken in TLS, written alike.
  std::vector<std::string> redirect_listen; ///< Where clients are sent to the first of tls_listen.
  /// PEM: the server's own certificate first, then those that lead to its issuer.
  std::filesystem::path tls_certificate;
  std::filesystem::path tls_key;          ///< PEM, without a password.
  std::uint32_t hsts_s = 0;               ///< Seconds of Strict-Transport-Security; 0: not sent.
  std::string socket_mode{"0660"};        ///< Of the files of UNIX sockets, in octal digits.
  std::uint32_t threads = 2;              ///< I/O threads, 1..64.
  std::uint32_t max_connections = 10'000; ///< More are not accepted until some close, 1..1,000,000.
  std::uint32_t max_header_bytes =
    16 * 1024;                           ///< Request line and headers; more is answered with 431.
  std::uint32_t max_header_fields = 100; ///< Header lines of a request; more are 431, 10..10,000.
  std::chrono::milliseconds header_timeout{
    15'000}; ///< Time from the first byte of a request to its last header.
  std::chrono::milliseconds idle_timeout{75'000}; ///< Time between two requests of a connection.
  std::chrono::milliseconds body_timeout{
    30'000};                         ///< Time without any byte of a body arriving, or leaving.
  std::uint32_t min_body_rate = 256; ///< Bytes per second of a body, at least; 0: any, ..1 GiB.
  std::chrono::milliseconds body_rate_window{
    30'000}; ///< Time over which the rate is averaged, 100 ms..1 h.
  std::chrono::milliseconds request_timeout{60'000}; ///< Time that the actors have to answer.
  std::chrono::milliseconds grace{10'000}; ///< Time for running requests when the server stops.
  std::uint64_t max_file_bytes = std::uint64_t{64} << 30U; ///< Largest upload, 1 B..16 TiB.
  std::uint64_t min_free_bytes = 0; ///< Uploads are refused that would leave less on the disk; main
                                    ///< sets it from storage's setting of that name.
  std::uint64_t user_quota_bytes = 0; ///< Bytes that a user without a quota of the own may store,
                                      ///< 0: any; main sets it from storage's setting of that name.
  std::uint32_t max_parts = 1'000;    ///< Parts of one multipart body, 1..10,000.
  std::uint32_t max_concat_parts = 256; ///< Uploads that one tus upload is put together from,
                                        ///< 1..10,000; a request's header must hold their URLs.
  std::chrono::milliseconds preview_wait{
    300}; ///< How long an upload's answer waits for the preview, 0..30 s.
  std::chrono::milliseconds upload_expiry{
    86'400'000}; ///< After its last byte an unfinished upload is kept so long, 1 s..30 days.
  std::chrono::milliseconds save_interval{
    2'000}; ///< Bytes of a resumable upload are made durable at least so often, 100 ms..1 min.
  std::chrono::milliseconds take_over_patience{
    2'000}; ///< How long a newer request for an upload waits for the older one, 100 ms..1 min.
  interim_answers interim_104 = interim_answers::on; ///< Whether IETF uploads get 104 responses.
  std::uint64_t in_memory_below = 256U << 10U; ///< Raw bodies of at most this many bytes are read
                                               ///< whole before they are written, 0..4 MiB.
  std::size_t disk_threads = 8;                ///< Threads that write bodies to disk, 1..64.
  std::size_t outbox_events = 256; ///< Frames waiting for one slow subscriber, 8..100,000.
  std::chrono::milliseconds ping_interval{20'000}; ///< WebSocket pings and SSE comments.
  /// Requests in a second that one session or token, or an address without one, may send for long,
  /// 1..1,000,000; 0: any number. Four times that for an address with all its credentials. Not as
  /// long as nobody signs in.
  std::uint32_t request_rate = 1'000;
  std::uint32_t request_burst = 10'000; ///< Requests that may come at once, 1..1,000,000.
  /// Names and addresses by which this server is called beside those of this machine alone: a name
  /// with a port, or without for every port.
  std::vector<std::string> allowed_hosts;
  /// Origins of web pages that may use this server beside its own; `*`: any page.
  std::vector<std::string> allowed_origins;
  /// Addresses and ranges of proxies whose word on the client's side counts; `unix`: whatever
  /// comes by a UNIX socket.
  std::vector<std::string> trusted_proxies;
  /// Name of the field by which a proxy says whom it has signed in; empty: none is believed.
  std::string proxy_header;
  /// Addresses and ranges of the proxies whose word on that is believed; `unix`, too.
  std::vector<std::string> proxy_peers;
  /// File whose first line these proxies must show in `Mediad-Proxy-Secret`; empty: none need, and
  /// what is on this machine is not believed.
  std::filesystem::path proxy_secret;
  bool proxy_adds_users = false; ///< Whoever such a proxy names for the first time becomes a user.
  bool admins_need_totp = false; ///< Admins are that only once they have a second factor.
  /// Name of the user that owns all files while no user has a password. The first account becomes
  /// that user, under another name.
  std::string user = "local";
  /// What a proxy in front has before every path: `/media`, or empty. Never ends with a slash.
  std::string base_path;
};

} // namespace mediad::net
