#pragma once

#include "base/error.hpp"

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace mediad::storage {

/// One thing to sync: a file's data, or a folder's names.
struct sync_request {
  int fd = -1;
  bool data_only = false; ///< fdatasync instead of fsync.
  std::string called;     ///< Name of the thing for the error.
};

/// Threads that sync several things at once: each sync ends in a flush of the disk's cache, and the
/// flushes of syncs that run together are one. For one caller at a time.
class syncer {
public:
  syncer() = default;
  syncer(const syncer&) = delete;
  syncer& operator=(const syncer&) = delete;
  ~syncer();

  /// Syncs all of them; the caller's thread helps.
  /// @returns the first failure. It must not be retried: the kernel has forgotten the lost pages.
  result<> sync_all(const std::vector<sync_request>& all);

private:
  void help();
  void sync_some(std::unique_lock<std::mutex>& lock);

  std::mutex guard_;
  std::condition_variable more_;
  std::condition_variable done_;
  const std::vector<sync_request>* all_ = nullptr; ///< Requests of the current call.
  std::size_t next_ = 0; ///< Index in all_ of the first request not taken.
  std::size_t unfinished_ = 0;
  std::optional<error> first_;
  bool ending_ = false;
  std::vector<std::jthread> helpers_; ///< They are as many as the largest call could use.
};

} // namespace mediad::storage
