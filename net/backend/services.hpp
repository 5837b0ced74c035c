#pragma once

#include "net/backend/guesses.hpp"
#include "net/backend/handles.hpp"
#include "net/backend/live_callers.hpp"
#include "net/backend/metrics.hpp"
#include "net/backend/password_desk.hpp"
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
#include <utility>

namespace mediad::net {

/// What all connections share. Outlives every I/O thread.
struct services {
  services(settings s, backend_handles handles)
    : options{std::move(s)},
      deps{std::move(handles)},
      staging{deps.files.staging_folder()},
      disk{options.disk_threads},
      beginnings{disk.get_executor(), max_beginnings} {}

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
  live_callers live;                  ///< Requests under way, by who has sent them.
  password_desk desk;                 ///< Compares passwords.
  guesses wrong_guesses;              ///< Passwords that were wrong of late.
  address_list proxies;               ///< options.trusted_proxies, parsed.
  tls_identity identity;              ///< What TLS is spoken under.
  std::uint16_t tls_port = 0;         ///< Of the first address where TLS is spoken; 0: none.
  std::atomic<bool> stopping = false; ///< Asks long work on the disk threads to end soon.
};

} // namespace mediad::net
