#include "actors/errors.hpp"
#include "actors/uploads/job_cost.hpp"
#include "actors/uploads/messages.hpp"
#include "actors/uploads/supervisor_state.hpp"
#include "base/log.hpp"

#include <caf/stateful_actor.hpp>

#include <utility>

namespace mediad::actors {

caf::result<file_record> supervisor_state::accept(const received_body& body) {
  registered_ = self_->make_response_promise<file_record>();
  // If the arrival makes the record, the body was too small for an early preview.
  if (deps_.early_previews && body.fresh.user.empty())
    take_early_preview(body);
  else
    identify(body);
  return registered_;
}

// No timeout: early_previews always answers, within its finish_limit.
void supervisor_state::take_early_preview(const received_body& body) {
  self_->request(deps_.early_previews, caf::infinite, accept_atom_v, body.id, body.bytes)
    .then([this, body](media::job_result& made) { register_with_preview(body, std::move(made)); },
          [this, body](const caf::error&) { identify(body); });
}

void supervisor_state::identify_stored() {
  is_stored_ = true;
  received_body body;
  body.id = record_.id;
  body.user = record_.user;
  identify(body);
}

// A worker does it: the server itself never looks into a file.
void supervisor_state::identify(const received_body& body) {
  ++identified_;
  media::job j;
  j.file_id = body.id;
  j.owner = j.payer = body.user;
  j.cost_ms = cost_ms_of(j.kind, {}, {});
  if (is_stored_) {
    j.sha256 = record_.sha256;
    j.bytes = record_.bytes;
  }
  j.parameters = deps_.parameters;
  self_->request(deps_.pool, caf::infinite, run_atom_v, j, lane::preview, progress_sink{})
    .then([this, body](const media::job_result& found) { register_body(body, found); },
          [this, body](const caf::error& e) { identify_again_or_not(body, from_caf(e)); });
}

void supervisor_state::identify_again_or_not(const received_body& body, const error& e) {
  log::warning(body.id, "identify: " + to_string(e.code) + ": " + e.detail);
  if (e.code != errc::timeout && is_retryable(e.code) && identified_ < settings_.max_attempts)
    return self_->delayed_send(self_, settings_.first_retry_delay, retry_atom_v, body);
  // A file that no worker can identify is kept all the same, as it came.
  media::job_result unknown;
  unknown.media_type = unknown_media_type;
  register_body(body, unknown);
}

void supervisor_state::register_body(const received_body& body, const media::job_result& found) {
  if (is_stored_)
    return note_identity(found);
  auto a = arrival_of(body, found);
  a.media = found.media;
  // Its record is made by this change, so the first attempt, which finds none if this fails, can
  // follow at once: both are one group, with one commit. Without a preview no client waits for
  // the attempt.
  if (!a.fresh.user.empty() && has_preview(a.profile)) {
    send_arrival(a, [] {});
    attempt(1);
  } else {
    send_arrival(a, [this] { attempt(1); });
  }
}

void supervisor_state::note_identity(const media::job_result& found) {
  if (is_over_) { // A cancel answers for itself.
    started_.deliver(record_);
    return;
  }
  storage::identified i;
  i.id = record_.id;
  i.profile = found.profile;
  i.media_type = found.media_type;
  i.media = found.media;
  self_->request(deps_.storage, settings_.storage_timeout, storage::change{std::move(i)})
    .then(
      [this](storage::applied& done) {
        record_ = std::move(done.record);
        attempt(1);
      },
      [this](const caf::error& e) {
        if (!is_over_)
          stop(e);
        else if (started_.pending())
          started_.deliver(e);
      });
}

// The preview is there: the file is registered, its first attempt begun and its preview published
// by one group of changes, with one commit, unless the store takes a part of them earlier. What
// fails takes what follows with it.
void supervisor_state::register_with_preview(const received_body& body, media::job_result made) {
  send_arrival(arrival_of(body, made), [] {});
  storage::transition first;
  first.id = body.id;
  first.keeps_early = true;
  change(first, [] {});
  const auto go_on = [this] {
    if (!is_over_)
      run();
  };
  storage::change preview = early_preview_of(body, std::move(made));
  self_->request(deps_.storage, settings_.storage_timeout, std::move(preview))
    .then(
      [this, go_on](storage::applied& done) {
        record_ = std::move(done.record);
        go_on();
      },
      [this, go_on](const caf::error& e) {
        // The attempt goes on and makes the preview itself.
        log::warning(record_.id, "early preview: " + from_caf(e).detail);
        go_on();
      });
}

void supervisor_state::send_arrival(const storage::arrival& arrived, std::function<void()> next) {
  record_.id = arrived.id;
  record_.profile = arrived.profile;
  self_->request(deps_.storage, settings_.storage_timeout, storage::change{arrived})
    .then(
      [this, next](storage::applied& done) {
        record_ = std::move(done.record);
        registered_.deliver(record_);
        next();
      },
      [this](const caf::error& e) {
        registered_.deliver(e);
        if (!std::exchange(is_over_, true))
          self_->quit(); // else a cancel, which will fail as well, answers for itself
      });
}

} // namespace mediad::actors
