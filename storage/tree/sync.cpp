#include "storage/tree/sync.hpp"

#include <algorithm>
#include <cerrno>
#include <unistd.h>
#include <utility>

namespace mediad::storage {
namespace {

constexpr std::size_t max_helpers = 7;

result<> sync_one(const sync_request& r) {
  const int rc = r.data_only ? ::fdatasync(r.fd) : ::fsync(r.fd);
  if (rc != 0)
    return fail_errno(errno, "sync " + r.called);
  return {};
}

} // namespace

syncer::~syncer() {
  {
    const std::lock_guard lock{guard_};
    ending_ = true;
  }
  more_.notify_all();
}

/// Until nothing of this call is left to be taken.
void syncer::sync_some(std::unique_lock<std::mutex>& lock) {
  while (all_ != nullptr && next_ < all_->size()) {
    const auto& request = (*all_)[next_++];
    lock.unlock();
    auto done = sync_one(request);
    lock.lock();
    if (!done && !first_)
      first_ = done.error();
    if (--unfinished_ == 0)
      done_.notify_one();
  }
}

void syncer::help() {
  std::unique_lock lock{guard_};
  for (;;) {
    more_.wait(lock, [this] { return ending_ || (all_ != nullptr && next_ < all_->size()); });
    if (ending_)
      return;
    sync_some(lock);
  }
}

result<> syncer::sync_all(const std::vector<sync_request>& all) {
  if (all.empty())
    return {};
  while (helpers_.size() < std::min(all.size() - 1, max_helpers))
    helpers_.emplace_back([this] { help(); });
  std::unique_lock lock{guard_};
  all_ = &all;
  next_ = 0;
  unfinished_ = all.size();
  if (all.size() > 1)
    more_.notify_all();
  sync_some(lock);
  done_.wait(lock, [this] { return unfinished_ == 0; });
  all_ = nullptr;
  const auto failed = std::exchange(first_, std::nullopt);
  if (failed)
    return fail(*failed);
  return {};
}

} // namespace mediad::storage
