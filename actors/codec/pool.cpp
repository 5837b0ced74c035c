#include "actors/codec/pool.hpp"

#include "actors/codec/memory_share.hpp"
#include "actors/codec/pool_gauges.hpp"
#include "actors/errors.hpp"
#include "base/log.hpp"
#include "media/job/routing.hpp"

#include <caf/exit_reason.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <algorithm>
#include <array>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

namespace mediad::actors {
namespace {

using codec_pool_impl = codec_pool_actor::extend<caf::reacts_to<caf::tick_atom>,
                                                 caf::reacts_to<caf::tick_atom, std::uint64_t>>;
constexpr std::chrono::milliseconds min_pause{500};
using job_promise = caf::typed_response_promise<media::job_result>;

struct waiting_job {
  media::job what;
  progress_sink sink;
  job_promise promise;
};

/// One worker; busy while `file_id` is set.
struct slot {
  media::worker_kind kind = media::worker_kind::light;
  codec_worker worker;
  std::string file_id;
  std::uint64_t number = 0; ///< Number of the job this worker runs.
  bool is_cancelled = false;
  bool is_out_of_time = false;
  bool is_open = true; ///< Its process may be running.
  caf::actor_clock::time_point idle_since;

  bool is_busy() const {
    return !file_id.empty();
  }
};

struct lane_state {
  lane which = lane::preview;
  std::uint32_t max_running = 1;
  std::chrono::milliseconds deadline{0};
  std::uint32_t running = 0;
  std::deque<waiting_job> queue;
  std::list<slot> slots; ///< A list: running jobs hold iterators into it.
};

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
  std::array<lane_state, 2> lanes;
  std::optional<pool_gauges> gauges;
  std::uint64_t started = 0;

  void tell_load() const {
    std::map<media::worker_kind, pool_gauges::worker_load> workers;
    for (const auto& l : lanes) {
      gauges->tell(l.which, {l.max_running, l.running, l.queue.size()});
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
    lanes[0].which = lane::preview;
    lanes[0].max_running = settings.preview;
    lanes[0].deadline = settings.preview_deadline;
    lanes[1].which = lane::batch;
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

  std::list<slot>::iterator add_slot(lane_state& l, media::worker_kind kind) {
    slot s;
    s.kind = kind;
    s.worker = deps.make_worker(kind, l.which);
    s.idle_since = self->clock().now();
    return l.slots.insert(l.slots.end(), std::move(s));
  }

  caf::result<media::job_result> enqueue(media::job&& j, lane l, progress_sink&& sink) {
    auto promise = self->make_response_promise<media::job_result>();
    auto& where = lane_of(l);
    where.queue.push_back({std::move(j), std::move(sink), promise});
    start_what_fits(where);
    tell_load();
    return promise;
  }

  void start_what_fits(lane_state& l) {
    while (l.running < l.max_running && !l.queue.empty()) {
      auto next = std::move(l.queue.front());
      l.queue.pop_front();
      start(l, std::move(next));
    }
  }

  // Prefer the longest idle worker: one that has just finished may still be forking its next
  // process.
  static std::list<slot>::iterator longest_idle(lane_state& l, media::worker_kind kind) {
    auto found = l.slots.end();
    for (auto at = l.slots.begin(); at != l.slots.end(); ++at)
      if (at->kind == kind && !at->is_busy()
          && (found == l.slots.end() || at->idle_since < found->idle_since))
        found = at;
    return found;
  }

  void start(lane_state& lane, waiting_job next) {
    const auto kind = media::worker_for(next.what.kind, next.what.media_type);
    auto place = longest_idle(lane, kind);
    if (place == lane.slots.end())
      place = add_slot(lane, kind);
    next.what.number = ++started;
    place->number = started;
    place->file_id = next.what.file_id;
    place->is_cancelled = false;
    place->is_out_of_time = false;
    place->is_open = true;
    ++lane.running;
    self->delayed_send(self, lane.deadline, caf::tick_atom_v, place->number);
    self
      ->request(place->worker.actor, lane.deadline * clock_share, run_atom_v, next.what, next.sink)
      .then(
        [this, &lane, place, promise = next.promise](media::job_result& made) mutable {
          release(lane, place);
          promise.deliver(std::move(made));
        },
        [this, &lane, place, promise = next.promise](const caf::error& e) mutable {
          const auto why = classify_error(*place, from_caf(e));
          release(lane, place);
          promise.deliver(to_caf(why));
        });
  }

  // The job of this number has run for its deadline by the clock.
  void look_at_time(std::uint64_t number) {
    for (auto& l : lanes)
      for (auto& s : l.slots)
        if (s.is_busy() && s.number == number) {
          const auto left = l.deadline - s.worker.processor_time();
          if (left > std::chrono::milliseconds{0})
            return self->delayed_send(self, std::max(left / 2, min_pause), caf::tick_atom_v,
                                      number);
          s.is_out_of_time = true;
          return s.worker.kill();
        }
  }

  error classify_error(slot& used, error why) {
    if (used.is_out_of_time)
      why = fail(errc::timeout, "its processor time is used up");
    // The worker still runs a job whose asker has given up: its late answer would be of no use.
    if (why.code == errc::timeout)
      used.worker.kill();
    if (why.code == errc::worker_died || why.code == errc::timeout)
      log::warning(used.file_id, "worker " + std::string{to_string(used.kind)} + ": " + why.detail);
    if (used.is_cancelled)
      return fail(errc::cancelled, "killed by request");
    return why;
  }

  void release(lane_state& l, std::list<slot>::iterator place) {
    place->file_id.clear();
    place->idle_since = self->clock().now();
    --l.running;
    start_what_fits(l);
    tell_load();
  }

  void cancel(const std::string& file_id) {
    for (auto& l : lanes) {
      drop_waiting(l, file_id);
      for (auto& s : l.slots)
        if (s.file_id == file_id) {
          s.is_cancelled = true;
          s.worker.end_job(s.number);
        }
    }
    tell_load();
  }

  static void drop_waiting(lane_state& l, const std::string& file_id) {
    const auto dropped =
      std::stable_partition(l.queue.begin(), l.queue.end(),
                            [&](const waiting_job& w) { return w.what.file_id != file_id; });
    for (auto it = dropped; it != l.queue.end(); ++it)
      it->promise.deliver(to_caf(fail(errc::cancelled, "dropped by request")));
    l.queue.erase(dropped, l.queue.end());
  }

  void close_idle() {
    const auto now = self->clock().now();
    for (auto& l : lanes)
      for (auto& s : l.slots)
        if (s.is_open && !s.is_busy() && now - s.idle_since >= settings.idle_timeout
            && !is_warm(l, s)) {
          s.is_open = false;
          self->send(s.worker.actor, caf::close_atom_v);
        }
    tell_load();
    self->delayed_send(self, settings.idle_timeout / 2, caf::tick_atom_v);
  }

  // The first of each kind in the preview lane stay: those are the ones a visitor waits for.
  bool is_warm(const lane_state& l, const slot& s) const {
    if (l.which != lane::preview)
      return false;
    std::uint32_t before = 0;
    for (auto other = l.slots.begin(); &*other != &s; ++other)
      before += other->kind == s.kind ? 1 : 0;
    return before < (s.kind == media::worker_kind::office ? deps.warm_offices : 1);
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
  };
}

} // namespace

codec_pool_actor spawn_codec_pool(caf::actor_system& sys, lane_settings settings,
                                  codec_pool_deps deps) {
  return sys.spawn(codec_pool, settings, std::move(deps));
}

} // namespace mediad::actors
