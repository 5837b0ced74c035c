#include "actors/codec/pool_lane.hpp"

#include <algorithm>
#include <utility>

namespace mediad::actors {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

/// From so much estimated processor time on a job is a long one.
constexpr milliseconds long_from{10'000};

} // namespace

turns::length length_of(const media::job& j) {
  if (j.kind == media::job_kind::archive)
    return turns::length::finishing;
  return milliseconds{j.cost_ms} < long_from ? turns::length::brief : turns::length::lasting;
}

bool may_be_stopped(const media::job& j, lane l) {
  switch (j.kind) {
  case media::job_kind::video_compress:
  case media::job_kind::video_stream:
  case media::job_kind::video_screenshots:
  case media::job_kind::audio_renditions: return l == lane::batch;
  default: return false;
  }
}

milliseconds slot::ran(time_point now) const {
  return is_stopped ? ran_before : ran_before + duration_cast<milliseconds>(now - running_since);
}

milliseconds lane_state::had_rivals(slot::time_point now) const {
  return rivals_since ? rivals + duration_cast<milliseconds>(now - *rivals_since) : rivals;
}

void lane_state::count_rivals(slot::time_point now) {
  rivals = had_rivals(now);
  rivals_since = order.has_rivals() ? std::optional{now} : std::nullopt;
}

milliseconds lane_state::left(const slot& s, slot::time_point now) const {
  return s.paid - (had_rivals(now) - s.rivals_before);
}

void lane_state::add(waiting_job job) {
  const turns::claim c{job.what.payer, turns::cost{job.what.cost_ms}, length_of(job.what)};
  waiting.emplace(order.add(c), std::move(job));
}

std::list<waiting_job> lane_state::drop(const std::string& file_id) {
  std::list<waiting_job> dropped;
  for (auto it = waiting.begin(); it != waiting.end();) {
    const auto one = it++;
    if (one->second.what.file_id != file_id)
      continue;
    order.drop(one->first, one->second.what.payer);
    dropped.push_back(std::move(one->second));
    waiting.erase(one);
  }
  return dropped;
}

lane_state::slots_type::iterator lane_state::find(turns::ticket t) {
  return std::find_if(slots.begin(), slots.end(), [t](const slot& s) { return s.ticket == t; });
}

lane_state::slots_type::iterator lane_state::longest_idle(media::worker_kind kind) {
  auto found = slots.end();
  for (auto at = slots.begin(); at != slots.end(); ++at)
    if (at->kind == kind && !at->is_busy()
        && (found == slots.end() || at->idle_since < found->idle_since))
      found = at;
  return found;
}

lane_state::slots_type::iterator lane_state::find_passed(slot::time_point now) {
  const auto may_stop = [](const slot& s) {
    return s.is_busy() && s.may_stop && !s.is_stopped && !s.is_cancelled;
  };
  if (running < max_running || stopped >= max_running)
    return slots.end();
  return std::find_if(slots.begin(), slots.end(), [&](const slot& one) {
    if (!may_stop(one))
      return false;
    milliseconds left_of_all{0};
    for (const auto& other : slots)
      if (may_stop(other) && other.user == one.user)
        left_of_all += left(other, now);
    return order.is_passed(one.user, left_of_all);
  });
}

bool lane_state::may_begin_lasting() const {
  const auto lasting = std::count_if(slots.begin(), slots.end(), [](const slot& s) {
    return s.is_busy() && (s.is_stopped || s.lasts == turns::length::lasting);
  });
  return lasting < max_running;
}

bool lane_state::has_stoppable() const {
  return std::any_of(slots.begin(), slots.end(), [](const slot& s) {
    return s.is_busy() && s.may_stop && !s.is_stopped && !s.is_cancelled;
  });
}

bool lane_state::keeps_warm(const slot& s, std::uint32_t warm_offices) const {
  if (which != lane::preview)
    return false;
  std::uint32_t before = 0;
  for (auto other = slots.begin(); &*other != &s; ++other)
    before += other->kind == s.kind ? 1 : 0;
  return before < (s.kind == media::worker_kind::office ? warm_offices : 1);
}

void lane_state::begin(slot& s, turns::ticket t, const waiting_job& job, slot::time_point now) {
  s.ticket = t;
  s.file_id = job.what.file_id;
  s.user = job.what.payer;
  s.number = job.what.number;
  s.lasts = length_of(job.what);
  s.promise = job.promise;
  s.paid = std::max(milliseconds{job.what.cost_ms}, milliseconds{1});
  s.rivals_before = had_rivals(now);
  s.ran_before = milliseconds{0};
  s.running_since = now;
  s.may_stop = may_be_stopped(job.what, which);
  s.is_stopped = false;
  s.is_cancelled = false;
  s.is_out_of_time = false;
  s.is_open = true;
  ++running;
}

void lane_state::stop(slot& s, slot::time_point now) {
  s.worker.stop();
  const auto unused = left(s, now);
  order.interrupt(s.ticket, s.user, unused);
  s.paid = std::max(unused, milliseconds{1}); // as it will be paid when it goes on
  s.ran_before = s.ran(now);
  s.is_stopped = true;
  --running;
  ++stopped;
}

void lane_state::go_on(slot& s, slot::time_point now, bool has_turn) {
  if (!has_turn)
    order.go_on(s.ticket, s.user);
  s.running_since = now;
  s.rivals_before = had_rivals(now);
  s.is_stopped = false;
  ++running;
  --stopped;
  s.worker.go_on();
}

void lane_state::end(slot& s, slot::time_point now) {
  if (s.is_stopped)
    go_on(s, now, false);
  // Of an encode the time counts that it took, of all else the estimate.
  order.end(s.user, s.may_stop ? left(s, now) : milliseconds{0});
  s.ticket = 0;
  s.promise = {};
  s.file_id.clear();
  s.user.clear();
  s.idle_since = now;
  --running;
}

} // namespace mediad::actors
