#include "actors/uploads/supervisor.hpp"

#include "actors/errors.hpp"
#include "actors/uploads/failures.hpp"
#include "actors/uploads/messages.hpp"
#include "actors/uploads/supervisor_state.hpp"
#include "base/log.hpp"

#include <caf/exit_reason.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>

#include <cmath>
#include <utility>

namespace mediad::actors {
namespace {

// Whether a worker died where the one before it did. Progress is told from time to time, so that
// two that die at one point have not told the same fraction.
bool is_same_place(const stage_progress& a, const stage_progress& b) {
  constexpr double parts = 10;
  return a.now_at == b.now_at && std::floor(a.fraction * parts) == std::floor(b.fraction * parts);
}

} // namespace

supervisor_state::~supervisor_state() {
  if (processor_)
    caf::anon_send_exit(processor_, caf::exit_reason::user_shutdown);
}

void supervisor_state::init(upload_impl::pointer own, processing_settings limits,
                            upload_deps needed) {
  self_ = own;
  settings_ = limits;
  deps_ = std::move(needed);
}

caf::result<file_record> supervisor_state::process(file_record&& record) {
  started_ = self_->make_response_promise<file_record>();
  record_ = std::move(record);
  if (is_unidentified(record_)) {
    identify_stored();
    return started_;
  }
  // An attempt that a restart of the server cut short is not the file's fault: it is made again
  // under its number. A user's retry of a finished file counts from the beginning.
  attempt(record_.state == status::processing ? record_.attempt : 1);
  return started_;
}

// Recorded before a decoder runs, so that an attempt that goes wrong is one that was counted.
void supervisor_state::attempt(std::uint32_t number) {
  if (is_over_)
    return;
  change_to(status::processing, number, {}, [this] {
    if (started_.pending())
      started_.deliver(record_);
    if (!is_over_)
      run();
  });
}

void supervisor_state::run() {
  newest_ = {record_.id, stage::none, 0};
  processor_ = deps_.make_processor(record_.profile, upload_actor{self_});
  self_->monitor(processor_);
  // No limit of its own: every job has a deadline in the pool, and a processor that dies is
  // noticed (see processor_died).
  self_
    ->request(processor_, caf::infinite, process_atom_v,
              assignment{record_, deps_.work_dir(record_)})
    .then([this](const storage::finished_attempt& made) { publish(made); },
          [this](const caf::error& e) { processing_failed(from_caf(e)); });
}

// A job that ran into its deadline would take as long again: the file has had its time. A crash
// that comes a second time where it came before will come again.
void supervisor_state::processing_failed(const error& e) {
  const bool has_crashed = e.code == errc::worker_died;
  const bool as_before = has_crashed && crash_ && is_same_place(*crash_, newest_);
  crash_ = has_crashed ? std::optional{newest_} : std::nullopt;
  attempt_failed(e, !as_before && e.code != errc::timeout && is_retryable(e.code));
}

void supervisor_state::publish(const storage::finished_attempt& made) {
  processor_ = nullptr;
  if (is_over_)
    return;
  self_->request(deps_.storage, settings_.storage_timeout, storage::change{made})
    .then(
      [this](const storage::applied&) {
        // A cancel that came too late answers for itself.
        if (!std::exchange(is_over_, true))
          self_->quit();
      },
      [this](const caf::error& e) {
        const auto why = from_caf(e);
        attempt_failed(why, is_retryable(why.code));
      });
}

void supervisor_state::attempt_failed(const error& why, bool may_try_again) {
  processor_ = nullptr;
  if (is_over_)
    return;
  log::warning(record_.id, "attempt " + std::to_string(record_.attempt) + ": " + to_string(why.code)
                             + ": " + why.detail);
  if (!may_try_again || record_.attempt >= settings_.max_attempts) {
    is_over_ = true;
    return change_to(status::failed, record_.attempt, reason_for(why.code),
                     [this] { self_->quit(); });
  }
  const auto delay = settings_.first_retry_delay * (1U << (record_.attempt - 1));
  self_->delayed_send(self_, delay, caf::tick_atom_v);
}

void supervisor_state::processor_died(const caf::down_msg& down) {
  if (processor_ && processor_.address() == down.source)
    attempt_failed(fail(errc::internal, "the processor died: " + caf::to_string(down.reason)),
                   true);
}

caf::result<caf::ok_atom> supervisor_state::publish_preview(preview_made&& made) {
  auto promise = self_->make_response_promise<caf::ok_atom>();
  storage::change what = preview_of(record_, std::move(made));
  self_->request(deps_.storage, settings_.storage_timeout, std::move(what))
    .then(
      [this, promise](storage::applied& done) mutable {
        record_ = std::move(done.record);
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

void supervisor_state::show(const stage_progress& p) {
  newest_ = p;
  const auto now = self_->clock().now();
  if (now - told_at_ < settings_.progress_interval)
    return;
  told_at_ = now;
  self_->send(deps_.notifier, progress_event(record_, p, left_.seconds(p, now)));
}

caf::result<file_record> supervisor_state::cancel() {
  if (is_over_ || record_.id.empty())
    return to_caf(fail(errc::conflict, "not being processed"));
  is_over_ = true;
  auto promise = self_->make_response_promise<file_record>();
  if (processor_)
    self_->send_exit(std::exchange(processor_, nullptr), caf::exit_reason::user_shutdown);
  self_->send(deps_.pool, cancel_atom_v, record_.id);
  change_to(
    status::cancelled, record_.attempt, {},
    [this, promise]() mutable {
      promise.deliver(record_);
      if (started_.pending()) // It was still to be identified.
        started_.deliver(record_);
      self_->quit();
    },
    promise);
  return promise;
}

void supervisor_state::attempt_again() {
  attempt(record_.attempt + 1);
}

void supervisor_state::change_to(status to, std::uint32_t number, failure_reason why,
                                 std::function<void()> next, record_promise asker) {
  storage::transition t;
  t.id = record_.id;
  t.to = to;
  t.attempt = number;
  t.failure = std::move(why);
  t.can_wait = to == status::processing && number == 1 && !has_preview(record_.profile);
  change(t, next, asker);
}

void supervisor_state::change(const storage::transition& wanted, std::function<void()> next,
                              record_promise asker) {
  self_->request(deps_.storage, settings_.storage_timeout, storage::change{wanted})
    .then(
      [this, next](storage::applied& done) mutable {
        record_ = std::move(done.record);
        next();
      },
      [this, asker, is_last = is_terminal(wanted.to)](const caf::error& e) mutable {
        if (asker.pending())
          asker.deliver(e);
        if (is_last || !is_over_)
          stop(e);
        else if (started_.pending())
          started_.deliver(e);
      });
}

// Once the last change of a file is asked for, only that one ends this actor. If an earlier one,
// which fails as well, ended it first, the client that waits for the last would hear nothing.
// not_found and conflict mean the record was removed or finished elsewhere: end quietly. Any other
// error ends this actor abnormally, so that the dispatcher rebuilds it.
void supervisor_state::stop(const caf::error& e) {
  is_over_ = true;
  if (started_.pending())
    started_.deliver(e);
  const auto code = from_caf(e).code;
  if (code == errc::not_found || code == errc::conflict)
    return self_->quit();
  self_->quit(e);
}

namespace {

upload_impl::behavior_type upload(upload_impl::stateful_pointer<supervisor_state> self,
                                  processing_settings settings, upload_deps deps) {
  self->state.init(self, settings, std::move(deps));
  self->set_down_handler([self](const caf::down_msg& down) { self->state.processor_died(down); });
  return {
    [self](accept_atom, const received_body& body) { return self->state.accept(body); },
    [self](process_atom, file_record& r) { return self->state.process(std::move(r)); },
    [self](preview_made& made) { return self->state.publish_preview(std::move(made)); },
    [self](const stage_progress& p) { self->state.show(p); },
    [self](progress_atom) { return self->state.newest(); },
    [self](cancel_atom) { return self->state.cancel(); },
    [self](caf::tick_atom) { self->state.attempt_again(); },
    [self](retry_atom, const received_body& body) { self->state.identify(body); },
  };
}

} // namespace

upload_actor spawn_upload(caf::actor_system& sys, processing_settings settings, upload_deps deps) {
  return sys.spawn(upload, settings, std::move(deps));
}

} // namespace mediad::actors
