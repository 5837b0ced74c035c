#include "storage/tree/late_syncs.hpp"

#include "base/log.hpp"

#include <cerrno>
#include <set>
#include <unistd.h>
#include <utility>

namespace mediad::storage {
namespace {

/// Long enough for many files to share a folder's sync.
constexpr std::chrono::milliseconds gathering{1000};
constexpr std::size_t enough = 2048;
constexpr std::size_t too_many = 8192;

} // namespace

late_syncs::late_syncs(const folders& root)
  : root_{root}, thread_{[this](const std::stop_token& ending) {
      work(ending);
    }} {}

late_syncs::~late_syncs() {
  if (auto ok = finish(); !ok)
    log::error("storage", ok.error());
}

result<> late_syncs::add(std::vector<late_name> names) {
  std::unique_lock lock{guard_};
  for (auto& n : names)
    waiting_.emplace(std::move(n.staged.name), std::move(n.folder));
  changed_.notify_all();
  changed_.wait(lock, [this] { return waiting_.size() < too_many || !done_; });
  return done_;
}

bool late_syncs::needs(const place& staged) const {
  const std::lock_guard lock{guard_};
  return waiting_.contains(staged.name) || under_way_.contains(staged.name);
}

result<> late_syncs::finish() {
  std::unique_lock lock{guard_};
  hurry_ = true;
  changed_.notify_all();
  changed_.wait(lock, [this] { return (waiting_.empty() && under_way_.empty()) || !done_; });
  hurry_ = false;
  return done_;
}

void late_syncs::work(const std::stop_token& ending) {
  std::unique_lock lock{guard_};
  while (changed_.wait(lock, ending, [this] { return !waiting_.empty(); })) {
    changed_.wait_for(lock, ending, gathering,
                      [this] { return hurry_ || waiting_.size() >= enough; });
    under_way_ = std::exchange(waiting_, {});
    lock.unlock();
    auto synced = sync(under_way_);
    lock.lock();
    done_ = std::move(synced);
    changed_.notify_all();
    if (!done_)
      return; // the kernel has forgotten what it could not write: trying again would prove nothing
    under_way_.clear();
  }
}

result<> late_syncs::sync(const named& some) const {
  std::set<std::string_view> synced;
  for (const auto& [staged, folder] : some) {
    if (!synced.insert(folder).second)
      continue;
    const auto fd = root_.folder(folder);
    if (!fd)
      return fail(fd.error());
    if (::fsync(fd->get()) != 0)
      return fail_errno(errno, "sync " + folder);
  }
  const auto staging = root_.folder(staging_folder);
  if (!staging)
    return fail(staging.error());
  for (const auto& entry : some)
    if (::unlinkat(staging->get(), entry.first.c_str(), 0) != 0 && errno != ENOENT)
      log::warning("storage", fail_errno(errno, "unlink in staging").detail);
  return {};
}

} // namespace mediad::storage
