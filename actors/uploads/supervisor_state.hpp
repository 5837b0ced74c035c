#pragma once

#include "actors/protocol.hpp"
#include "actors/settings.hpp"
#include "actors/uploads/supervisor.hpp"
#include "actors/uploads/time_left.hpp"

#include <caf/actor_clock.hpp>
#include <caf/system_messages.hpp>
#include <caf/typed_response_promise.hpp>

#include <cstdint>
#include <functional>
#include <optional>

namespace mediad::actors {

// Private: tick_atom starts the next attempt, retry_atom the next identification.
using upload_impl =
  upload_actor::extend<caf::reacts_to<caf::tick_atom>, caf::reacts_to<retry_atom, received_body>>;
using record_promise = caf::typed_response_promise<file_record>;

/// What the supervisor of one upload remembers, and what it does. Its public members answer the
/// messages of upload_actor.
class supervisor_state {
public:
  static inline const char* name = "upload";

  supervisor_state() = default;
  /// Ends the processor, if one runs.
  ~supervisor_state();

  /// Is called once, before the first message.
  void init(upload_impl::pointer own, processing_settings limits, upload_deps needed);

  // From a body that has arrived to a registered file: supervisor_arrival.cpp.
  caf::result<file_record> accept(const received_body& body);
  void identify(const received_body& body);

  // From a registered file to its terminal state: supervisor.cpp.
  caf::result<file_record> process(file_record&& r);
  caf::result<caf::ok_atom> publish_preview(preview_made&& made);
  void show(const stage_progress& p);
  const stage_progress& newest() const {
    return newest_;
  }
  caf::result<file_record> cancel();
  void attempt_again();
  void processor_died(const caf::down_msg& down);

private:
  void identify_stored();
  void note_identity(const media::job_result& found);
  void take_early_preview(const received_body& body);
  void identify_again_or_not(const received_body& body, const error& e);
  void register_body(const received_body& body, const media::job_result& found);
  void register_with_preview(const received_body& body, media::job_result made);
  void send_arrival(const storage::arrival& a, std::function<void()> next);

  void attempt(std::uint32_t number);
  void run();
  void processing_failed(const error& e);
  void publish(const storage::finished_attempt& made);
  void attempt_failed(const error& e, bool may_try_again);

  /// Durable first: @p next runs once a restart would remember the state; @p asker hears if that
  /// fails.
  void change_to(status to, std::uint32_t number, failure_reason why, std::function<void()> next,
                 record_promise asker = {});
  void change(const storage::transition& t, std::function<void()> next, record_promise asker = {});
  void stop(const caf::error& e);

  upload_impl::pointer self_ = nullptr;
  processing_settings settings_;
  upload_deps deps_;

  file_record record_;
  stage_progress newest_;
  time_left left_;
  caf::actor_clock::time_point told_at_;
  processor_actor processor_;
  bool is_stored_ = false;       ///< The body is not in staging: the record was there before.
  std::uint32_t identified_ = 0; ///< Times that identification was tried.
  /// How far the attempt before was when its worker died; nothing if it ended otherwise.
  std::optional<stage_progress> crash_;
  bool is_over_ = false;      ///< A terminal state has been chosen; no other may follow.
  record_promise registered_; ///< Answers the actor that handed in the body.
  record_promise started_;    ///< Answers the actor that asked for processing.
};

} // namespace mediad::actors
