#include "storage/journal.hpp"

#include "base/log.hpp"

#include <algorithm>
#include <utility>

namespace mediad::storage {

place journal_place(std::size_t number) {
  return {"system/journal", "segment-" + std::to_string(number)};
}

result<std::shared_ptr<journal>> journal::open(const std::filesystem::path& root,
                                               const journal_settings& s) {
  auto own = folders::open(root);
  if (!own)
    return fail(own.error());
  std::shared_ptr<journal> j{new journal{std::move(*own), s}};
  if (auto ok = j->open_segments(); !ok)
    return fail(ok.error());
  auto* const raw = j.get();
  j->sync_thread_ = std::jthread{[raw](const std::stop_token& stop) {
    raw->sync_loop(stop);
  }};
  j->care_thread_ = std::jthread{[raw](const std::stop_token& stop) {
    raw->care_loop(stop);
  }};
  return j;
}

journal::~journal() = default;

result<> journal::open_segments() {
  const auto each = segment_bytes();
  std::size_t usable = 0;
  for (std::size_t i = 0; i < laps_.size(); ++i) {
    auto s = journal_segment::open(root_, journal_place(i));
    if (!s && s.error().code != errc::not_found)
      return fail(s.error());
    if (!s || s->bytes() != each)
      continue;
    if (auto ok = s->begin_generation(); !ok)
      return ok;
    laps_[i].segment.emplace(std::move(*s));
    ++usable;
  }
  if (usable == laps_.size()) {
    for (auto& l : laps_)
      l.free = true;
    change_over();
    return {};
  }
  // Another size is wanted now, or the making of them was interrupted.
  for (std::size_t i = 0; i < laps_.size(); ++i) {
    laps_[i].segment.reset();
    if (auto ok = root_.remove(journal_place(i)); !ok)
      return ok;
  }
  return {};
}

/// From here on records go to a free segment, if there is one.
void journal::change_over() {
  auto* const next = std::find_if(laps_.begin(), laps_.end(), [](const lap& l) { return l.free; });
  current_ = next == laps_.end() ? nullptr : next;
  if (current_ == nullptr)
    return;
  current_->used = journal_segment::first_record;
  current_->last = 0;
  current_->free = false;
}

result<journal::reservation> journal::reserve(std::uint64_t length) {
  const auto bytes = journal_segment::record_bytes(length);
  const std::lock_guard lock{guard_};
  if (const auto& broken = sync_failed_ ? sync_failed_ : write_failed_)
    return fail(*broken);
  if (unsynced_bytes_ + bytes > journal_segment::max_unsynced_bytes)
    return fail(errc::busy, "too much of the journal is unsynced");
  const auto fits = [&] {
    return current_ != nullptr && current_->used + bytes <= current_->segment->bytes();
  };
  if (current_ != nullptr && !fits() && retiring_ == nullptr) {
    retiring_ = current_;
    change_over();
    attended_.notify_one();
  }
  if (!fits()) {
    if (!std::exchange(wanted_, true))
      attended_.notify_one();
    return fail(errc::busy, "no room in the journal");
  }
  const reservation r{current_, current_->used, bytes};
  current_->used += bytes;
  ++current_->writing;
  unsynced_bytes_ += bytes;
  return r;
}

result<std::uint64_t> journal::append(std::string_view sha256, std::string_view body) {
  if (body.size() > max_body_bytes)
    return fail(errc::too_large, "too large for the journal");
  const auto r = reserve(body.size());
  if (!r)
    return fail(r.error());
  const auto done = r->in->segment->write(r->offset, sha256, body);
  const std::lock_guard lock{guard_};
  --r->in->writing;
  if (!done) {
    // It leaves a hole, and after some holes the next start would not look further.
    if (!write_failed_)
      log::error("storage", done.error());
    write_failed_ = done.error();
    return fail(done.error());
  }
  last_append_ = clock::now();
  if (r->in->last == 0 || r->in == retiring_)
    attended_.notify_one();
  r->in->last = ++last_ticket_;
  r->in->unsynced += r->bytes;
  written_.notify_one();
  return last_ticket_;
}

result<> journal::await(std::uint64_t ticket) {
  std::unique_lock lock{guard_};
  awaited_ticket_ = std::max(awaited_ticket_, ticket);
  if (retiring_ != nullptr)
    attended_.notify_one();
  synced_.wait(lock, [&] { return sync_failed_ || synced_ticket_ >= ticket; });
  return sync_failed_ ? result<>{fail(*sync_failed_)} : result<>{};
}

void journal::sync_loop(const std::stop_token& stop) {
  std::unique_lock lock{guard_};
  while (written_.wait(lock, stop, [&] { return synced_ticket_ < last_ticket_; })) {
    const auto target = last_ticket_;
    std::uint64_t bytes = 0;
    std::array<const journal_segment*, std::tuple_size_v<decltype(laps_)>> dirty{};
    for (std::size_t i = 0; i < laps_.size(); ++i) {
      dirty[i] = laps_[i].unsynced > 0 ? &*laps_[i].segment : nullptr;
      bytes += std::exchange(laps_[i].unsynced, 0);
    }
    lock.unlock();
    result<> done;
    for (const auto* segment : dirty)
      if (segment != nullptr && done)
        done = segment->sync();
    lock.lock();
    if (done) {
      synced_ticket_ = target;
      unsynced_bytes_ -= bytes;
    } else {
      // The kernel has forgotten what it could not write: to ask again would be to believe it.
      sync_failed_ = done.error();
    }
    synced_.notify_all();
    attended_.notify_one();
    if (!done)
      return;
  }
}

journal::pin::pin(journal& of) : journal_{of} {
  const std::lock_guard lock{journal_.guard_};
  journal_.pinned_ = true;
}

journal::pin::~pin() {
  const std::lock_guard lock{journal_.guard_};
  journal_.pinned_ = false;
  ++journal_.pins_gone_;
  if (journal_.retiring_ != nullptr)
    journal_.attended_.notify_one();
}

bool journal::covers(std::uint64_t ticket) const {
  const std::lock_guard lock{guard_};
  return ticket > retired_ticket_;
}

} // namespace mediad::storage
