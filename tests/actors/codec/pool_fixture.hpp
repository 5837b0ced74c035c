#pragma once

#include "actors/codec/pool.hpp"
#include "tests/actors/fixture.hpp"

#include <list>

/// A pool, and fakes of its workers.
namespace mediad::tests {

using namespace std::chrono_literals;

using answer_box = std::shared_ptr<std::optional<result<media::job_result>>>;

// A promise can only be kept from within its actor: tick_atom ends the oldest job.
using fake_worker_impl = codec_worker_actor::extend<caf::reacts_to<caf::tick_atom>>;

/// A worker whose jobs last until the test ends them.
struct worker_log {
  fake_worker_impl actor;
  media::worker_kind kind = media::worker_kind::light;
  lane where = lane::preview;
  std::vector<std::string> ran;
  std::deque<caf::typed_response_promise<media::job_result>> running;
  std::function<void(caf::typed_response_promise<media::job_result>&)> how_to_end;
  int kills = 0;
  std::vector<std::uint64_t> ended;   ///< Numbers of the jobs that were to end.
  std::vector<std::uint64_t> numbers; ///< Numbers of the jobs that ran.
  int opened = 0;
  int closed = 0;
  std::chrono::milliseconds used{0}; ///< Processor time of its job.
  int stops = 0;
  bool is_stopped = false;
};

inline fake_worker_impl fake_worker(caf::actor_system& sys, worker_log& log) {
  return sys.spawn([&log](fake_worker_impl::pointer self) -> fake_worker_impl::behavior_type {
    return {
      [&log, self](run_atom, const media::job& j,
                   const progress_sink&) -> caf::result<media::job_result> {
        log.ran.push_back(j.file_id);
        log.numbers.push_back(j.number);
        return log.running.emplace_back(self->make_response_promise<media::job_result>());
      },
      [&log](caf::open_atom) { ++log.opened; },
      [&log](caf::close_atom) { ++log.closed; },
      [&log](caf::tick_atom) {
        log.how_to_end(log.running.front());
        log.running.pop_front();
      },
    };
  });
}

struct pool_fixture : actor_fixture {
  std::list<worker_log> workers; ///< Workers in the order in which they were made.
  actors::lane_settings settings;
  codec_pool_actor pool;
  std::shared_ptr<metrics::registry> numbers = std::make_shared<metrics::registry>();

  pool_fixture() {
    settings.preview = 1;
    settings.batch = 2;
    settings.preview_deadline = 10s;
    settings.batch_deadline = 60s;
    settings.idle_timeout = 300s;
  }

  // A promise that is kept keeps its actor: let go of all before the system waits for them.
  ~pool_fixture() {
    for (auto& w : workers) {
      w.running.clear();
      w.actor = nullptr;
    }
    caf::anon_send_exit(pool, caf::exit_reason::user_shutdown);
    settle();
  }

  void start() {
    actors::codec_pool_deps deps;
    deps.make_worker = [this](media::worker_kind kind, lane l) {
      auto& log = workers.emplace_back();
      log.kind = kind;
      log.where = l;
      log.actor = fake_worker(sys, log);
      return actors::codec_worker{log.actor,
                                  [&log](std::uint64_t number) { log.ended.push_back(number); },
                                  [&log] { ++log.kills; },
                                  {},
                                  [&log] { return log.used; },
                                  [&log] {
                                    ++log.stops;
                                    log.is_stopped = true;
                                  },
                                  [&log] {
                                    log.is_stopped = false;
                                  }};
    };
    deps.metrics = numbers;
    pool = actors::spawn_codec_pool(sys, settings, deps);
    settle();
  }

  /// `running of slots, waiting` of a lane, as /metrics has them.
  std::string load_of(const std::string& lane_name) const {
    const metrics::labels with{{"lane", lane_name}};
    return std::to_string(numbers->value("mediad_jobs_running", with)) + " of "
           + std::to_string(numbers->value("mediad_lane_slots", with)) + ", "
           + std::to_string(numbers->value("mediad_jobs_waiting", with));
  }

  std::uint64_t stopped() const {
    return numbers->value("mediad_jobs_stopped", {{"lane", "batch"}});
  }

  answer_box run(const std::string& file, media::job_kind kind, lane l) {
    return run_for("ann", file, kind, l, 100ms);
  }

  answer_box run_for(const std::string& user, const std::string& file, media::job_kind kind, lane l,
                     std::chrono::milliseconds cost) {
    media::job j;
    j.file_id = file;
    j.payer = user;
    j.kind = kind;
    j.media_type = "image/jpeg";
    j.cost_ms = cost.count();
    return ask<media::job_result>(pool, run_atom_v, j, l, progress_sink{});
  }

  answer_box encode(const std::string& user, const std::string& file) {
    return run_for(user, file, media::job_kind::video_compress, lane::batch, 1h);
  }

  answer_box ladder(const std::string& user, const std::string& file) {
    return run_for(user, file, media::job_kind::image_renditions, lane::batch, 500ms);
  }

  worker_log& running(const std::string& file) {
    for (auto& w : workers)
      if (!w.running.empty() && !w.ran.empty() && w.ran.back() == file)
        return w;
    CAF_FAIL("nobody runs " + file);
    throw std::logic_error{"unreachable"};
  }

  bool is_running(const std::string& file) {
    return std::any_of(workers.begin(), workers.end(), [&](const worker_log& w) {
      return !w.running.empty() && w.ran.back() == file;
    });
  }

  void finish(const std::string& file) {
    end(file, [](auto& promise) { promise.deliver(media::job_result{}); });
  }

  void break_off(const std::string& file, errc code) {
    end(file, [code](auto& promise) { promise.deliver(to_caf(fail(code, "test"))); });
  }

  template <class How>
  void end(const std::string& file, How how) {
    auto& w = running(file);
    w.how_to_end = how;
    self->send(w.actor, caf::tick_atom_v);
    settle();
  }
};

} // namespace mediad::tests
