#include "net/io/shared_sync.hpp"

#include "base/file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace mediad::net {

result<> shared_sync::sync() {
  std::unique_lock lock{guard_};
  // The one that runs may have passed our name by.
  const auto mine = next_;
  while (!mine->has_ended) {
    if (is_running_) {
      ended_.wait(lock);
      continue;
    }
    is_running_ = true;
    next_ = std::make_shared<round>();
    lock.unlock();
    auto outcome = sync_now();
    lock.lock();
    is_running_ = false;
    mine->has_ended = true;
    mine->outcome = std::move(outcome);
    ended_.notify_all();
  }
  return mine->outcome;
}

result<> shared_sync::sync_now() const {
  const auto fd = open_file(folder_, O_RDONLY | O_DIRECTORY);
  if (!fd)
    return fail(fd.error());
  if (::fsync(fd->get()) != 0)
    return fail_errno(errno, "sync " + folder_.string());
  return {};
}

} // namespace mediad::net
