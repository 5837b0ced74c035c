#pragma once

#include "net/backend/metrics.hpp"
#include "net/io/address_list.hpp"
#include "net/io/shared_sync.hpp"
#include "net/io/transfer_buffer.hpp"
#include "net/io/turnstile.hpp"
#include "net/io/upload_turns.hpp"
#include "net/server.hpp"
#include "net/settings.hpp"

#include <boost/asio/thread_pool.hpp>

#include <atomic>

namespace mediad::net {

/// What all connections share. Outlives every I/O thread.
struct services {
  services(settings s, server_deps d)
    : options{std::move(s)},
      deps{std::move(d)},
      staging{deps.files.staging_folder()},
      disk{options.disk_threads},
      beginnings{disk.get_executor(), most_beginnings} {}

  /// Enough to fill a commit of the storage.
  static constexpr std::size_t most_beginnings = 64;

  const settings options;
  const server_deps deps;
  shared_sync staging;           ///< Of the names in that folder.
  boost::asio::thread_pool disk; ///< For everything that waits for a disk.
  buffer_budget buffers{std::size_t{128} << 20U};
  metrics counters;
  upload_turns turns;
  turnstile beginnings; ///< Of uploads: a question to the storage takes as much memory as the rest.
  address_list proxies; ///< options.trusted_proxies
  std::atomic<bool> stopping = false; ///< Long work on the disk threads is to end soon.
};

} // namespace mediad::net
