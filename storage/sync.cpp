#include "storage/sync.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <mutex>
#include <optional>
#include <thread>
#include <unistd.h>

namespace mediad::storage {
namespace {

constexpr std::size_t max_threads = 8;

result<> sync_one(const sync_request& r) {
  const int rc = r.data_only ? ::fdatasync(r.fd) : ::fsync(r.fd);
  if (rc != 0)
    return fail_errno(errno, "sync " + r.called);
  return {};
}

} // namespace

result<> sync_all(const std::vector<sync_request>& all) {
  std::atomic<std::size_t> next{0};
  std::mutex guard;
  std::optional<error> first;
  const auto work = [&] {
    for (auto i = next++; i < all.size(); i = next++) {
      const auto done = sync_one(all[i]);
      const std::lock_guard lock{guard};
      if (!done && !first)
        first = done.error();
    }
  };
  {
    std::vector<std::jthread> helpers;
    for (std::size_t i = 1; i < std::min(all.size(), max_threads); ++i)
      helpers.emplace_back(work);
    work();
  }
  if (first)
    return fail(*first);
  return {};
}

result<> sync_file_system(const folders& root, const std::string& folder) {
  const auto fd = root.folder(folder);
  if (!fd)
    return fail(fd.error());
  // Since Linux 5.8 it also tells what failed to be written.
  if (::syncfs(fd->get()) != 0)
    return fail_errno(errno, "syncfs of " + folder);
  return {};
}

} // namespace mediad::storage
