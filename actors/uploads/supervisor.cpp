#include "actors/uploads/supervisor.hpp"

#include "actors/errors.hpp"
#include "actors/uploads/failures.hpp"
#include "actors/uploads/messages.hpp"
#include "actors/uploads/time_left.hpp"
#include "base/log.hpp"

#include <caf/exit_reason.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/system_messages.hpp>
#include <caf/typed_response_promise.hpp>

#include <utility>

namespace mediad::actors {
namespace {

// Private: tick_atom starts the next attempt, retry_atom the next identification.
using upload_impl =
  upload_actor::extend<caf::reacts_to<caf::tick_atom>, caf::reacts_to<retry_atom, received_body>>;
using record_promise = caf::typed_response_promise<file_record>;

struct supervisor_state {
  static inline const char* name = "upload";

  supervisor_state() = default;

  ~supervisor_state() {
    if (processor)
      caf::anon_send_exit(processor, caf::exit_reason::user_shutdown);
  }

  upload_impl::pointer self = nullptr;
  processing_settings settings;
  upload_deps deps;

  file_record record;
  stage_progress newest;
  actors::time_left left;
  caf::actor_clock::time_point told_at;
  processor_actor processor;
  std::uint32_t identified = 0; ///< Times that identification was tried.
  bool over = false;            ///< A terminal state has been chosen; no other may follow.
  record_promise registered;    ///< For whoever handed in the body.
  record_promise started;       ///< For whoever asked for processing.

  caf::result<file_record> accept(const received_body& body) {
    registered = self->make_response_promise<file_record>();
    // One whose record is made by its arrival was too small for an early preview.
    if (deps.early_previews && body.fresh.user.empty())
      take_early_preview(body);
    else
      identify(body);
    return registered;
  }

  // Whoever makes it answers in any case, and soon.
  void take_early_preview(const received_body& body) {
    self->request(deps.early_previews, caf::infinite, accept_atom_v, body.id, body.bytes)
      .then([this, body](media::job_result& made) { register_with_preview(body, std::move(made)); },
            [this, body](const caf::error&) { identify(body); });
  }

  // In a worker: the server itself never looks into a file.
  void identify(const received_body& body) {
    ++identified;
    media::job j;
    j.file_id = body.id;
    j.owner = body.fresh.user;
    j.input = deps.staging_path(body.id);
    self->request(deps.pool, caf::infinite, run_atom_v, j, lane::preview, progress_sink{})
      .then([this, body](const media::job_result& found) { register_body(body, found); },
            [this, body](const caf::error& e) { identify_again_or_not(body, from_caf(e)); });
  }

  void identify_again_or_not(const received_body& body, const error& e) {
    log::warning(body.id, "identify: " + to_string(e.code) + ": " + e.detail);
    if (e.code != errc::timeout && is_retryable(e.code) && identified < settings.max_attempts)
      return self->delayed_send(self, settings.first_retry_delay, retry_atom_v, body);
    // What cannot even be told apart is kept all the same, as it came.
    media::job_result unknown;
    unknown.media_type = "application/octet-stream";
    register_body(body, unknown);
  }

  void register_body(const received_body& body, const media::job_result& found) {
    auto a = arrival_of(body, found);
    a.media = found.media;
    // Its record is made by this change, so the first attempt, which finds none if this fails, can
    // follow at once: both are one group, with one commit. Without a preview nobody waits for it.
    if (!a.fresh.user.empty() && has_preview(a.profile)) {
      send_arrival(a, [] {});
      attempt(1);
    } else {
      send_arrival(a, [this] { attempt(1); });
    }
  }

  // The preview is there: the file is registered, its first attempt begun and its preview published
  // by one group of changes, with one commit, unless the store takes a part of them earlier. What
  // fails takes what follows with it.
  void register_with_preview(const received_body& body, media::job_result made) {
    send_arrival(arrival_of(body, made), [] {});
    storage::transition first;
    first.id = body.id;
    first.keeps_early = true;
    change(first, [] {});
    const auto go_on = [this] {
      if (!over)
        run();
    };
    self->request(deps.storage, settings.storage_timeout, early_preview_of(body, std::move(made)))
      .then(
        [this, go_on](file_record& r) {
          record = std::move(r);
          go_on();
        },
        [this, go_on](const caf::error& e) {
          // The attempt goes on and makes the preview itself.
          log::warning(record.id, "early preview: " + from_caf(e).detail);
          go_on();
        });
  }

  template <class Next>
  void send_arrival(const storage::arrival& a, Next next) {
    record.id = a.id;
    record.profile = a.profile;
    self->request(deps.storage, settings.storage_timeout, a)
      .then(
        [this, next](file_record& r) {
          record = std::move(r);
          registered.deliver(record);
          next();
        },
        [this](const caf::error& e) {
          registered.deliver(e);
          self->quit();
        });
  }

  caf::result<file_record> process(file_record&& r) {
    started = self->make_response_promise<file_record>();
    record = std::move(r);
    // An attempt that a restart of the server cut short is not the file's fault: it is made again
    // under its number. A user's retry of a finished file counts from the beginning.
    attempt(record.state == status::processing ? record.attempt : 1);
    return started;
  }

  // Recorded before a decoder runs, so that an attempt that goes wrong is one that was counted.
  void attempt(std::uint32_t number) {
    if (over)
      return;
    change_to(status::processing, number, {}, [this] {
      if (started.pending())
        started.deliver(record);
      if (!over)
        run();
    });
  }

  void run() {
    newest = {record.id, stage::none, 0};
    processor = deps.make_processor(record.profile, upload_actor{self});
    self->monitor(processor);
    // No limit of its own: every job has a deadline in the pool, and a processor that dies is
    // noticed (see processor_died).
    self->request(processor, caf::infinite, process_atom_v, deps.assign(record))
      .then([this](const storage::finished_attempt& made) { publish(made); },
            [this](const caf::error& e) { processing_failed(from_caf(e)); });
  }

  // A job that ran into its deadline would take as long again: the file has had its time.
  void processing_failed(const error& e) {
    attempt_failed(e, e.code != errc::timeout && is_retryable(e.code));
  }

  void publish(const storage::finished_attempt& made) {
    processor = nullptr;
    if (over)
      return;
    self->request(deps.storage, settings.storage_timeout, made)
      .then(
        [this](const file_record&) {
          // A cancel that came too late answers for itself.
          if (!std::exchange(over, true))
            self->quit();
        },
        [this](const caf::error& e) {
          const auto why = from_caf(e);
          attempt_failed(why, is_retryable(why.code));
        });
  }

  void attempt_failed(const error& e, bool may_try_again) {
    processor = nullptr;
    if (over)
      return;
    log::warning(record.id, "attempt " + std::to_string(record.attempt) + ": " + to_string(e.code)
                              + ": " + e.detail);
    if (!may_try_again || record.attempt >= settings.max_attempts) {
      over = true;
      return change_to(status::failed, record.attempt, reason_for(e.code),
                       [this] { self->quit(); });
    }
    const auto delay = settings.first_retry_delay * (1U << (record.attempt - 1));
    self->delayed_send(self, delay, caf::tick_atom_v);
  }

  void processor_died(const caf::down_msg& down) {
    if (processor && processor.address() == down.source)
      attempt_failed(fail(errc::internal, "the processor died: " + caf::to_string(down.reason)),
                     true);
  }

  caf::result<caf::ok_atom> publish_preview(preview_made&& made) {
    auto promise = self->make_response_promise<caf::ok_atom>();
    self->request(deps.storage, settings.storage_timeout, preview_of(record, std::move(made)))
      .then(
        [this, promise](file_record& r) mutable {
          record = std::move(r);
          promise.deliver(caf::ok_atom_v);
        },
        [promise](const caf::error& e) mutable {
          // Not the file's deadline: what storage could not write in time may be tried again.
          const auto why = from_caf(e);
          promise.deliver(
            to_caf(why.code == errc::timeout ? fail(errc::storage_io, why.detail) : why));
        });
    return promise;
  }

  void show(const stage_progress& p) {
    newest = p;
    const auto now = self->clock().now();
    if (now - told_at < settings.progress_interval)
      return;
    told_at = now;
    self->send(deps.notifier, progress_event(record, p, left.seconds(p, now)));
  }

  caf::result<file_record> cancel() {
    if (over || record.id.empty())
      return to_caf(fail(errc::conflict, "not being processed"));
    over = true;
    auto promise = self->make_response_promise<file_record>();
    if (processor)
      self->send_exit(std::exchange(processor, nullptr), caf::exit_reason::user_shutdown);
    self->send(deps.pool, cancel_atom_v, record.id);
    change_to(
      status::cancelled, record.attempt, {},
      [this, promise]() mutable {
        promise.deliver(record);
        self->quit();
      },
      promise);
    return promise;
  }

  /// Durable first: @p next runs, and @p asker hears, once a restart would remember the state.
  template <class Next>
  void change_to(status to, std::uint32_t number, failure_reason why, Next next,
                 record_promise asker = {}) {
    storage::transition t;
    t.id = record.id;
    t.to = to;
    t.attempt = number;
    t.failure = std::move(why);
    t.can_wait = to == status::processing && number == 1 && !has_preview(record.profile);
    change(t, next, asker);
  }

  template <class Next>
  void change(const storage::transition& t, Next next, record_promise asker = {}) {
    self->request(deps.storage, settings.storage_timeout, t)
      .then(
        [this, next](file_record& r) mutable {
          record = std::move(r);
          next();
        },
        [this, asker](const caf::error& e) mutable {
          if (asker.pending())
            asker.deliver(e);
          stop(e);
        });
  }

  // The file is gone or finished by other means: nothing is left to do. Anything else is for the
  // dispatcher to judge.
  void stop(const caf::error& e) {
    over = true;
    if (started.pending())
      started.deliver(e);
    const auto code = from_caf(e).code;
    if (code == errc::not_found || code == errc::conflict)
      return self->quit();
    self->quit(e);
  }
};

upload_impl::behavior_type upload(upload_impl::stateful_pointer<supervisor_state> self,
                                  processing_settings settings, upload_deps deps) {
  auto& state = self->state;
  state.self = self;
  state.settings = settings;
  state.deps = std::move(deps);
  self->set_down_handler([self](const caf::down_msg& down) { self->state.processor_died(down); });
  return {
    [self](accept_atom, const received_body& body) { return self->state.accept(body); },
    [self](process_atom, file_record& r) { return self->state.process(std::move(r)); },
    [self](preview_made& made) { return self->state.publish_preview(std::move(made)); },
    [self](const stage_progress& p) { self->state.show(p); },
    [self](progress_atom) { return self->state.newest; },
    [self](cancel_atom) { return self->state.cancel(); },
    [self](caf::tick_atom) { self->state.attempt(self->state.record.attempt + 1); },
    [self](retry_atom, const received_body& body) { self->state.identify(body); },
  };
}

} // namespace

upload_actor spawn_upload(caf::actor_system& sys, processing_settings settings, upload_deps deps) {
  return sys.spawn(upload, settings, std::move(deps));
}

} // namespace mediad::actors
