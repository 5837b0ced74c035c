#include "base/log.hpp"
#include "storage/journal.hpp"
#include "storage/sync.hpp"

#include <algorithm>
#include <cerrno>
#include <sys/statvfs.h>

namespace mediad::storage {
namespace {

using namespace std::chrono_literals;

/// Without an append for so long, nobody needs the disk just now.
constexpr auto quiet = 1500ms;
/// Bodies that were appended a moment ago are still on their way to the store. To wait for them
/// costs room; not to wait costs each of them a sync of its own.
constexpr auto on_their_way = 500ms;
/// Before segments are made that there was no room for.
constexpr auto pause_of_making = 30s;

result<> check_room(const folders& root, const journal_settings& s) {
  struct statvfs about {};
  if (::statvfs((root.path() / "system").c_str(), &about) != 0)
    return fail_errno(errno, "look at the free space");
  if (std::uint64_t{about.f_bavail} * about.f_frsize < s.bytes + s.min_free_bytes)
    return fail(errc::storage_full, "no room for a journal");
  return {};
}

} // namespace

void journal::care_loop(const std::stop_token& stop) {
  std::unique_lock lock{guard_};
  while (!stop.stop_requested()) {
    const auto is_needed = [&] {
      return !sync_failed_ && (retiring_ != nullptr || (wanted_ && are_segments_missing()));
    };
    const bool holds_records = current_ != nullptr && current_->last != 0;
    if (!sync_failed_ && holds_records)
      attended_.wait_until(lock, stop, last_append_ + quiet, is_needed);
    else
      attended_.wait(lock, stop, [&] {
        return is_needed() || (!sync_failed_ && current_ != nullptr && current_->last != 0);
      });
    if (stop.stop_requested() || sync_failed_)
      continue;
    if (retiring_ == nullptr && current_ != nullptr && current_->last != 0
        && clock::now() >= last_append_ + quiet) {
      retiring_ = current_;
      change_over();
    }
    if (retiring_ != nullptr)
      retire(lock, stop);
    else if (wanted_ && are_segments_missing())
      make_segments(lock);
  }
}

bool journal::are_segments_missing() const {
  return !laps_.front().segment && segment_bytes() > 0 && clock::now() >= next_making_;
}

void journal::make_segments(std::unique_lock<std::mutex>& lock) {
  lock.unlock();
  std::array<std::optional<journal_segment>, std::tuple_size_v<decltype(laps_)>> made;
  auto done = check_room(root_, settings_);
  for (std::size_t i = 0; i < made.size() && done; ++i) {
    auto one = journal_segment::create(root_, journal_place(i), segment_bytes());
    if (one)
      made[i].emplace(std::move(*one));
    else
      done = fail(one.error());
  }
  if (!done) {
    for (std::size_t i = 0; i < made.size(); ++i)
      static_cast<void>(root_.remove(journal_place(i)));
    log::warning("storage", "small uploads are slower than they could be: " + done.error().detail);
  }
  lock.lock();
  wanted_ = false;
  next_making_ = clock::now() + pause_of_making;
  if (!done)
    return;
  for (std::size_t i = 0; i < made.size(); ++i) {
    laps_[i].segment = std::move(made[i]);
    laps_[i].free = true;
  }
  change_over();
}

/// Makes sure that nothing in the retiring segment is needed any more.
void journal::retire(std::unique_lock<std::mutex>& lock, const std::stop_token& stop) {
  auto& l = *retiring_;
  const auto is_synced = [&] {
    return sync_failed_ || (l.writing == 0 && synced_ticket_ >= l.last);
  };
  if (!attended_.wait(lock, stop, is_synced) || sync_failed_)
    return;
  attended_.wait_for(lock, stop, on_their_way, [&] { return awaited_ticket_ >= l.last; });
  // Whoever asks from now on syncs the body's file; whoever has asked, has moved it by the end of
  // this pin.
  retired_ticket_ = std::max(retired_ticket_, l.last);
  const auto seen = pins_gone_;
  if (!attended_.wait(lock, stop, [&] { return !pinned_ || pins_gone_ != seen; }))
    return;
  lock.unlock();
  auto done = sync_file_system(root_, "store");
  if (done)
    done = l.segment->begin_generation();
  lock.lock();
  if (!done) {
    log::error("storage", done.error());
    sync_failed_ = done.error();
    synced_.notify_all();
    return;
  }
  l.free = true;
  retiring_ = nullptr;
  if (current_ == nullptr)
    change_over();
}

} // namespace mediad::storage
