#pragma once

#include "base/error.hpp"

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <utility>

namespace mediad::net {

/// Makes the names in a folder durable. Threads that ask for it at the same time share one sync:
/// one of them makes it, and threads that ask while it runs wait for the next.
class shared_sync {
public:
  explicit shared_sync(std::filesystem::path folder) : folder_{std::move(folder)} {}

  /// Syncs what was there before the call. From any thread; blocks.
  /// @returns errc::storage_io or storage_full. It says nothing of a later sync.
  result<> sync();

private:
  struct round {
    bool has_ended = false;
    result<> outcome;
  };

  result<> sync_now() const;

  const std::filesystem::path folder_;
  std::mutex guard_;
  std::condition_variable ended_;
  bool is_running_ = false;
  std::shared_ptr<round> next_ = std::make_shared<round>(); ///< New calls of sync() wait for this.
};

} // namespace mediad::net
