#include "actors/codec/worker.hpp"

#include "actors/codec/processor_time.hpp"
#include "actors/errors.hpp"
#include "base/log.hpp"

#include <caf/stateful_actor.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <utility>

namespace mediad::actors {
namespace {

/// The current process, shared between its keeper and the pool, which may have to end its job.
class current_process {
public:
  void end_job(std::uint64_t number) {
    ended_ = number;
    if (const auto process = get())
      process->end_job();
  }

  bool has_ended(std::uint64_t number) const {
    return number > 0 && number <= ended_;
  }

  std::shared_ptr<worker_process> get() {
    const std::lock_guard lock{guard_};
    return process_;
  }

  void set(std::shared_ptr<worker_process> next) {
    // The old one is reaped outside the lock: that can take a moment.
    {
      const std::lock_guard lock{guard_};
      std::swap(process_, next);
      if (is_stopped_ && process_)
        process_->stop();
    }
  }

  void stop() {
    const std::lock_guard lock{guard_};
    is_stopped_ = true;
    if (process_)
      process_->stop();
  }

  void go_on() {
    const std::lock_guard lock{guard_};
    is_stopped_ = false;
    if (process_)
      process_->go_on();
  }

private:
  std::atomic<std::uint64_t> ended_ = 0; ///< Number of the last job that is not wanted.
  std::mutex guard_;
  bool is_stopped_ = false;
  std::shared_ptr<worker_process> process_;
};

struct codec_worker_state {
  static inline const char* name = "codec_worker";

  codec_worker_state() = default;

  worker_command command;
  input_opener open_input;
  std::shared_ptr<current_process> current;
  std::shared_ptr<input_feed> growth;

  result<std::shared_ptr<worker_process>> ensure_process() {
    auto process = current->get();
    if (process && process->is_alive())
      return process;
    auto started = worker_process::start(command);
    if (!started)
      return fail(started.error());
    process = std::move(*started);
    current->set(process);
    return process;
  }

  result<media::job_result> run(const media::job& job,
                                const std::function<void(double)>& progress) {
    auto process = ensure_process();
    if (!process)
      return fail(process.error());
    const auto input = open_input(job);
    if (!input)
      return fail(input.error());
    auto answer = (*process)->run(job, input->get(), {progress, *growth, [&] {
                                                        return current->has_ended(job.number);
                                                      }});
    const bool has_died = !answer && answer.error().code == errc::worker_died;
    const bool was_ended = has_died && current->has_ended(job.number);
    // Not kept for another job: what is left of it may not be sound.
    if ((has_died && !was_ended) || (*process)->begun() >= command.max_jobs)
      current->set(nullptr);
    if (was_ended)
      return fail(errc::cancelled, "ended by request");
    return answer;
  }
};

codec_worker_actor::behavior_type
keep_worker(codec_worker_actor::stateful_pointer<codec_worker_state> self, worker_command command,
            input_opener open_input, std::shared_ptr<current_process> current,
            std::shared_ptr<input_feed> growth) {
  self->state.command = std::move(command);
  self->state.open_input = std::move(open_input);
  self->state.current = std::move(current);
  self->state.growth = std::move(growth);
  return {
    [self](run_atom, const media::job& work,
           const progress_sink& sink) -> caf::result<media::job_result> {
      auto answer = self->state.run(work, [self, &sink](double fraction) {
        if (sink)
          self->send(sink, progress_atom_v, fraction);
      });
      // A process that had to go is replaced now, not when the next job waits for it.
      if (!self->state.current->get())
        self->send(self, caf::open_atom_v);
      return reply(std::move(answer));
    },
    [self](caf::open_atom) {
      if (auto process = self->state.ensure_process(); !process)
        log::error("codec_worker", process.error());
    },
    [self](caf::close_atom) { self->state.current->set(nullptr); },
  };
}

} // namespace

codec_worker spawn_codec_worker(caf::actor_system& sys, worker_command command,
                                input_opener open_input) {
  auto current = std::make_shared<current_process>();
  codec_worker worker;
  worker.growth = std::make_shared<input_feed>();
  worker.actor = sys.spawn<caf::detached>(keep_worker, std::move(command), std::move(open_input),
                                          current, worker.growth);
  worker.end_job = [current](std::uint64_t number) {
    current->end_job(number);
  };
  worker.kill = [current] {
    if (const auto process = current->get())
      process->kill();
  };
  worker.processor_time = [current] {
    const auto process = current->get();
    return process ? processor_time_below(process->pid()) : std::chrono::milliseconds{0};
  };
  worker.stop = [current] {
    current->stop();
  };
  worker.go_on = [current] {
    current->go_on();
  };
  return worker;
}

} // namespace mediad::actors
