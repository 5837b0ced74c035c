#pragma once

#include "net/backend/audit_log.hpp"
#include "net/backend/guesses.hpp"
#include "net/backend/handles.hpp"
#include "net/backend/live_callers.hpp"
#include "net/backend/metrics.hpp"
#include "net/backend/password_desk.hpp"
#include "net/backend/rate_limiter.hpp"
#include "net/backend/share_uses.hpp"
#include "net/io/address_list.hpp"
#include "net/io/shared_sync.hpp"
#include "net/io/tls.hpp"
#include "net/io/transfer_buffer.hpp"
#include "net/io/turnstile.hpp"
#include "net/io/upload_turns.hpp"
#include "net/settings.hpp"

#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace mediad::net {

/// Has the storage's owner keep what has been noted.
audit_log::keeper keep_in(storage_actor storage);

/// What all connections share. Outlives every I/O thread.
struct services {
  services(settings s, backend_handles handles)
    : options{std::move(s)},
      deps{std::move(handles)},
      staging{deps.files.staging_folder()},
      disk{options.disk_threads},
      beginnings{disk.get_executor(), max_beginnings},
      of_credentials{options.request_rate * 1.0, options.request_burst * 1.0},
      of_addresses{options.request_rate * address_share, options.request_burst * address_share},
      audit{keep_in(deps.storage)} {}

  /// What one address may send, of what one credential may: several people may have it.
  static constexpr double address_share = 4;

  /// Uploads being created at once: as many as fill one commit of the storage.
  static constexpr std::size_t max_beginnings = 64;

  const settings options;
  const backend_handles deps;
  shared_sync staging;           ///< Makes new names in the staging folder durable.
  boost::asio::thread_pool disk; ///< Runs everything that waits for a disk.
  buffer_budget buffers{std::size_t{128} << 20U};
  http_counters counters{*deps.metrics};
  upload_turns turns;
  /// Limits how many uploads are being created at once: a pending storage request costs as much
  /// memory as the rest of an upload.
  turnstile beginnings;
  live_callers live;           ///< Requests under way, by who has sent them.
  password_desk desk;          ///< Compares passwords.
  guesses wrong_guesses;       ///< Passwords that were wrong of late.
  share_uses opened_shares;    ///< How often guests have opened shares of late.
  rate_limiter of_credentials; ///< Requests of each session and token.
  rate_limiter of_addresses;   ///< Requests of each address.
  audit_log audit;
  address_list proxies;               ///< options.trusted_proxies, parsed.
  address_list name_proxies;          ///< options.proxy_peers, parsed.
  std::string proxy_secret;           ///< Digest of what options.proxy_secret holds; or empty.
  tls_identity identity;              ///< What TLS is spoken under.
  std::vector<std::string> urls;      ///< As net::server::urls() tells them.
  std::uint16_t tls_port = 0;         ///< Of the first address where TLS is spoken; 0: none.
  std::atomic<bool> stopping = false; ///< Asks long work on the disk threads to end soon.
};

} // namespace mediad::net
