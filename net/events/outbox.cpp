#include "net/events/outbox.hpp"

#include "base/event_json.hpp"
#include "net/events/messages.hpp"

#include <algorithm>
#include <utility>

namespace mediad::net::events {
namespace {

// A record's JSON may have kilobytes; ten thousand clients may reconnect at once.
constexpr std::size_t page = 64;

} // namespace

void outbox::start(std::uint64_t after, std::uint64_t newest) {
  started_ = true;
  tail_ = after;
  announced_ = std::max(announced_, newest);
}

void outbox::push(const event& e) {
  if (!started_ || behind()) {
    announced_ = std::max(announced_, e.seq);
    return;
  }
  if (e.seq <= tail_)
    return;
  announced_ = e.seq;
  if (stored_.size() < limit_)
    append(e);
  else
    tail_ = e.seq - 1; // the notifier keeps order: nothing wanted is between the two
}

void outbox::push(const live_event& e) {
  const auto waiting = std::find_if(live_.begin(), live_.end(), [&](const live_frame& f) {
    return f.type == e.type && f.file_id == e.file_id;
  });
  if (waiting != live_.end()) {
    waiting->text = e.text;
    return;
  }
  if (live_.size() == limit_)
    live_.pop_front();
  live_.push_back({e.type, e.file_id, e.text});
}

bool outbox::reply(std::string text) {
  if (replies_.size() == limit_)
    return false;
  replies_.push_back(std::move(text));
  return true;
}

std::size_t outbox::read_limit() const {
  return std::min(page, limit_);
}

void outbox::fill(const std::vector<event>& events, const predicate& wanted) {
  if (events.empty()) {
    // Announced, so it was in the log, and is no more.
    if (behind())
      append_gap();
    tail_ = std::max(tail_, announced_);
    return;
  }
  if (events.front().seq > tail_ + 1)
    append_gap();
  for (const auto& e : events) {
    announced_ = std::max(announced_, e.seq);
    if (!wanted(e))
      tail_ = e.seq;
    else if (stored_.size() < limit_)
      append(e);
    else
      return;
  }
}

void outbox::append(const event& e) {
  tail_ = e.seq;
  // An event that was read from the log has no frame yet.
  stored_.push_back({e.seq, e.text.empty() ? frame_of(e, base_path_) : e.text});
  if (!e.file_id.empty())
    std::erase_if(live_, [&](const live_frame& f) { return f.file_id == e.file_id; });
}

void outbox::append_gap() {
  stored_.push_back({0, gap_frame()});
}

std::optional<frame> outbox::pop() {
  frame next;
  if (!replies_.empty()) {
    next.text = std::move(replies_.front());
    replies_.pop_front();
  } else if (!stored_.empty()) {
    next = std::move(stored_.front());
    stored_.pop_front();
  } else if (!live_.empty() && !behind()) {
    next.text = std::move(live_.front().text);
    live_.pop_front();
  } else {
    return std::nullopt;
  }
  return next;
}

} // namespace mediad::net::events
