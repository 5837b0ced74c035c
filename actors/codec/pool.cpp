#include "actors/codec/pool.hpp"

#include "actors/codec/memory_share.hpp"
#include "actors/codec/pool_gauges.hpp"
#include "actors/codec/pool_lane.hpp"
#include "actors/errors.hpp"
#include "base/log.hpp"
#include "media/job/routing.hpp"

#include <caf/exit_reason.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mediad::actors {
namespace {

// Private: a tick closes idle workers, with a job's number it looks at that job's time, with a lane
// at whose turn it is there.
using codec_pool_impl = codec_pool_actor::extend<caf::reacts_to<caf::tick_atom>,
                                                 caf::reacts_to<caf::tick_atom, std::uint64_t>,
                                                 caf::reacts_to<caf::tick_atom, lane>>;
using std::chrono::milliseconds;

constexpr milliseconds min_pause{500};
constexpr milliseconds turn_pause{1'000}; ///< Between two looks at whose turn it is.

struct codec_pool_state {
  static inline const char* name = "codec_pool";

  codec_pool_state() = default;

  ~codec_pool_state() {
    for (auto& l : lanes)
      for (auto& s : l.slots) {
        caf::anon_send_exit(s.worker.actor, caf::exit_reason::user_shutdown);
        s.worker.kill();
      }
  }

  codec_pool_impl::pointer self = nullptr;
  lane_settings settings;
  codec_pool_deps deps;
  std::vector<lane_state> lanes; ///< Preview, batch; no more come.
  std::optional<pool_gauges> gauges;
  std::uint64_t started = 0;
  std::map<std::string, std::size_t> short_jobs; ///< That wait or run, by user.

  slot::time_point now() const {
    return self->clock().now();
  }

  void tell_load() {
    std::map<media::worker_kind, pool_gauges::worker_load> workers;
    for (auto& l : lanes) {
      l.count_rivals(now());
      gauges->tell(l.which, {l.max_running, l.running, l.waiting.size(), l.stopped});
      for (const auto& s : l.slots) {
        workers[s.kind].processes += s.is_open ? 1 : 0;
        workers[s.kind].busy += s.is_busy() ? 1 : 0;
      }
    }
    for (const auto& [kind, load] : workers)
      gauges->tell(kind, load);
  }

  lane_state& lane_of(lane l) {
    return lanes.at(l == lane::preview ? 0 : 1);
  }

  void open_lanes() {
    lanes.emplace_back(lane::preview, settings.preview_turn);
    lanes.emplace_back(lane::batch, settings.batch_turn);
    lanes[0].max_running = settings.preview;
    lanes[0].deadline = settings.preview_deadline;
    lanes[1].max_running = batch_jobs(settings);
    lanes[1].deadline = settings.batch_deadline;
    // Warm before the first upload comes.
    for (auto kind : {media::worker_kind::light, media::worker_kind::av,
                      media::worker_kind::document, media::worker_kind::deep_image})
      self->send(add_slot(lanes[0], kind)->worker.actor, caf::open_atom_v);
    for (std::uint32_t i = 0; i < deps.warm_offices; ++i)
      self->send(add_slot(lanes[0], media::worker_kind::office)->worker.actor, caf::open_atom_v);
    tell_load();
    self->delayed_send(self, settings.idle_timeout / 2, caf::tick_atom_v);
  }

  lane_state::slots_type::iterator add_slot(lane_state& l, media::worker_kind kind) {
    slot s;
    s.kind = kind;
    s.worker = deps.make_worker(kind, l.which);
    s.idle_since = now();
    return l.slots.insert(l.slots.end(), std::move(s));
  }

  caf::result<media::job_result> enqueue(media::job&& j, lane l, progress_sink&& sink) {
    auto promise = self->make_response_promise<media::job_result>();
    auto& where = lane_of(l);
    if (length_of(j) != turns::length::lasting)
      ++short_jobs[j.payer];
    where.add({std::move(j), std::move(sink), promise});
    start_what_fits(where);
    look_at_turns(where);
    tell_load();
    return promise;
  }

  void forget(const std::string& user, turns::length lasts) {
    if (lasts == turns::length::lasting)
      return;
    const auto known = short_jobs.find(user);
    if (--known->second == 0)
      short_jobs.erase(known);
  }

  // While others have short jobs, here or in the other lane, a user leaves a place in the preview
  // lane to them, and so a processor to the batch lane, which yields to previews.
  std::size_t run_of_one_user(const lane_state& l) const {
    const bool leaves_one = l.which == lane::preview && l.max_running > 1 && short_jobs.size() > 1;
    return leaves_one ? l.max_running - 1 : l.max_running;
  }

  void start_what_fits(lane_state& l) {
    while (l.running < l.max_running) {
      const auto next = l.order.take({l.may_begin_lasting(), run_of_one_user(l)});
      if (!next)
        return;
      const auto fresh = l.waiting.find(*next);
      if (fresh == l.waiting.end()) {
        l.go_on(*l.find(*next), now(), true);
        continue;
      }
      auto job = std::move(fresh->second);
      l.waiting.erase(fresh);
      start(l, *next, std::move(job));
    }
  }

  // Stops a long job if a short one of another user goes before it.
  void look_at_turns(lane_state& l) {
    if (const auto passed = l.find_passed(now()); passed != l.slots.end()) {
      log::debug(passed->file_id, "stopped while others have short jobs");
      l.stop(*passed, now());
      start_what_fits(l);
      tell_load();
    }
    if (l.looks_again || l.waiting.empty() || !l.has_stoppable())
      return;
    l.looks_again = true;
    self->delayed_send(self, turn_pause, caf::tick_atom_v, l.which);
  }

  void start(lane_state& l, turns::ticket ticket, waiting_job next) {
    const auto kind = media::worker_for(next.what.kind, next.what.media_type);
    auto place = l.longest_idle(kind);
    if (place == l.slots.end())
      place = add_slot(l, kind);
    next.what.number = ++started;
    l.begin(*place, ticket, next, now());
    self->delayed_send(self, l.deadline, caf::tick_atom_v, place->number);
    // No limit of its own, which would count the time for which the job is stopped: look_at_time
    // has one. A late answer, after that, is of no use.
    const auto has_job = [place, number = started] {
      return place->is_busy() && place->number == number;
    };
    self->request(place->worker.actor, caf::infinite, run_atom_v, next.what, next.sink)
      .then(
        [this, &l, place, has_job](media::job_result& made) {
          if (has_job())
            release(l, *place).deliver(std::move(made));
        },
        [this, &l, place, has_job](const caf::error& e) {
          if (has_job())
            break_off(l, *place, from_caf(e));
        });
  }

  // The job of this number has run for its deadline by the clock, or longer.
  void look_at_time(std::uint64_t number) {
    for (auto& l : lanes)
      for (auto& s : l.slots)
        if (s.is_busy() && s.number == number)
          return look_at_time(l, s);
  }

  void look_at_time(lane_state& l, slot& s) {
    const auto by_clock = l.deadline * clock_share - s.ran(now());
    if (by_clock <= milliseconds{0})
      return break_off(l, s, fail(errc::timeout, "it does not come to its end"));
    auto left = l.deadline - s.worker.processor_time();
    if (left <= milliseconds{0}) {
      s.is_out_of_time = true;
      s.worker.kill();
      left = by_clock;
    }
    self->delayed_send(self, std::min(std::max(left / 2, min_pause), by_clock), caf::tick_atom_v,
                       s.number);
  }

  void break_off(lane_state& l, slot& s, error why) {
    why = classify_error(s, std::move(why));
    release(l, s).deliver(to_caf(why));
  }

  error classify_error(slot& s, error why) {
    if (s.is_out_of_time)
      why = fail(errc::timeout, "its processor time is used up");
    // The worker still runs a job for which nobody waits: its late answer would be of no use.
    if (why.code == errc::timeout)
      s.worker.kill();
    if (why.code == errc::worker_died || why.code == errc::timeout)
      log::warning(s.file_id, "worker " + std::string{to_string(s.kind)} + ": " + why.detail);
    if (s.is_cancelled)
      return fail(errc::cancelled, "killed by request");
    return why;
  }

  // @returns whom to answer.
  job_promise release(lane_state& l, slot& s) {
    auto promise = s.promise;
    forget(s.user, s.lasts);
    l.end(s, now());
    // A place that a user left to others may be free for that user now.
    for (auto& each : lanes)
      start_what_fits(each);
    look_at_turns(l);
    tell_load();
    return promise;
  }

  void cancel(const std::string& file_id) {
    for (auto& l : lanes) {
      for (auto& dropped : l.drop(file_id)) {
        forget(dropped.what.payer, length_of(dropped.what));
        dropped.promise.deliver(to_caf(fail(errc::cancelled, "dropped by request")));
      }
      for (auto& s : l.slots)
        if (s.is_busy() && s.file_id == file_id) {
          s.is_cancelled = true;
          s.worker.end_job(s.number);
          if (s.is_stopped) // only a worker that runs notices the end of its job
            l.go_on(s, now(), false);
        }
    }
    for (auto& l : lanes)
      start_what_fits(l);
    tell_load();
  }

  void close_idle() {
    for (auto& l : lanes)
      for (auto& s : l.slots)
        if (s.is_open && !s.is_busy() && now() - s.idle_since >= settings.idle_timeout
            && !l.keeps_warm(s, deps.warm_offices)) {
          s.is_open = false;
          self->send(s.worker.actor, caf::close_atom_v);
        }
    tell_load();
    self->delayed_send(self, settings.idle_timeout / 2, caf::tick_atom_v);
  }
};

codec_pool_impl::behavior_type codec_pool(codec_pool_impl::stateful_pointer<codec_pool_state> self,
                                          lane_settings settings, codec_pool_deps deps) {
  auto& state = self->state;
  state.self = self;
  state.settings = settings;
  state.deps = std::move(deps);
  state.gauges.emplace(*state.deps.metrics);
  state.open_lanes();
  return {
    [self](run_atom, media::job& j, lane l, progress_sink& sink) {
      return self->state.enqueue(std::move(j), l, std::move(sink));
    },
    [self](cancel_atom, const std::string& file_id) { self->state.cancel(file_id); },
    [self](caf::tick_atom) { self->state.close_idle(); },
    [self](caf::tick_atom, std::uint64_t number) { self->state.look_at_time(number); },
    [self](caf::tick_atom, lane l) {
      self->state.lane_of(l).looks_again = false;
      self->state.look_at_turns(self->state.lane_of(l));
    },
  };
}

} // namespace

codec_pool_actor spawn_codec_pool(caf::actor_system& sys, lane_settings settings,
                                  codec_pool_deps deps) {
  return sys.spawn(codec_pool, settings, std::move(deps));
}

} // namespace mediad::actors
