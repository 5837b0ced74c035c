#pragma once

#include "actors/uploads/supervisor.hpp"
#include "tests/actors/fixture.hpp"

namespace mediad::tests {

using outcome_of_attempt = std::function<result<storage::finished_attempt>(std::uint32_t attempt)>;

/// What the processors of a test did, and what they are to do.
struct processor_log {
  outcome_of_attempt run;
  std::vector<std::uint32_t> attempts;
  std::vector<bool> had_preview;    ///< Each attempt's record, when it began.
  std::vector<status> state_before; ///< The newest stored state when each was spawned.
  std::deque<caf::typed_response_promise<storage::finished_attempt>> running;
  bool hold = false;
  processor_actor newest;
};

/// A supervisor between fakes.
struct upload_fixture : actor_fixture {
  storage_log stored;
  notifier_log heard;
  pool_log pool;
  early_log early;
  processor_log processors;
  actors::processing_settings settings;
  upload_actor upload;

  upload_fixture() {
    pool.run = [](const media::job&) {
      media::job_result r;
      r.profile = profile::image;
      r.media_type = "image/jpeg";
      return result<media::job_result>{r};
    };
    processors.run = succeed;
  }

  // Promises that are kept keep their actors: let go before the system waits for them.
  ~upload_fixture() {
    processors.running.clear();
    stored.outcome_replies.waiting.clear();
    stored.group.clear();
    processors.newest = nullptr;
    caf::anon_send_exit(upload, caf::exit_reason::kill);
    upload = nullptr;
    settle();
  }

  static result<storage::finished_attempt> succeed(std::uint32_t) {
    storage::finished_attempt o;
    o.id = "u1";
    return o;
  }

  static outcome_of_attempt failing(errc code) {
    return [code](std::uint32_t) -> result<storage::finished_attempt> {
      return fail(code, "test");
    };
  }

  void start() {
    actors::upload_deps deps;
    deps.storage = fake_storage(sys, stored);
    deps.notifier = fake_notifier(sys, heard);
    deps.pool = fake_pool(sys, pool);
    deps.early_previews = fake_early_previews(sys, early);
    deps.work_dir = [](const file_record&) {
      return "/work";
    };
    deps.make_processor = [this](profile, const upload_actor&) {
      return make_processor();
    };
    upload = actors::spawn_upload(sys, settings, deps);
  }

  processor_actor make_processor() {
    processors.state_before.push_back(stored.states.back());
    processors.newest =
      sys.spawn([this](processor_actor::pointer one) -> processor_actor::behavior_type {
        return {
          [this, one](process_atom, const assignment& a) -> caf::result<storage::finished_attempt> {
            processors.attempts.push_back(a.record.attempt);
            processors.had_preview.push_back(a.record.preview.exists());
            if (processors.hold)
              return processors.running.emplace_back(
                one->make_response_promise<storage::finished_attempt>());
            one->quit();
            return reply(processors.run(a.record.attempt));
          }};
      });
    return processors.newest;
  }

  /// @param profiles  as in received_body.
  std::shared_ptr<std::optional<result<file_record>>> hand_in_body(unsigned profiles = 0) {
    start();
    received_body body;
    body.id = "u1";
    body.profiles = profiles;
    return ask<file_record>(upload, accept_atom_v, body);
  }

  std::shared_ptr<std::optional<result<file_record>>> take_up(status state, std::uint32_t attempt) {
    start();
    file_record r;
    r.id = "u1";
    r.state = state;
    r.attempt = attempt;
    r.sha256 = "abc";
    stored.files["u1"] = r;
    return ask<file_record>(upload, process_atom_v, r);
  }

  std::ptrdiff_t terminal_states() const {
    return std::count_if(stored.states.begin(), stored.states.end(), is_terminal);
  }

  bool is_over() {
    self->monitor(upload);
    settle();
    bool down = false;
    self->receive([&](const caf::down_msg&) { down = true; },
                  caf::after(std::chrono::seconds{0}) >> [] {});
    return down;
  }
};

} // namespace mediad::tests
