#pragma once

#include "base/error.hpp"
#include "base/event.hpp"
#include "base/record.hpp"
#include "media/job/job.hpp"
#include "storage/changes.hpp"

#include <caf/replies_to.hpp>
#include <caf/type_id.hpp>
#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <cstdint>
#include <string>
#include <vector>

/// The map of the system: every message and every typed interface between actors. Messages are
/// small values; never a pointer, never file contents. Private messages (ticks, retries) are
/// added by the implementations with `::extend`.
namespace mediad {

/// Which queue a codec job waits in. The preview lane has slots of its own.
enum class lane : std::uint8_t { preview = 1, batch };

/// How far a processing file is.
struct stage_progress {
  std::string file_id;
  stage now_at = stage::none;
  double fraction = 0; ///< 0..1 over the whole processing.

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, stage_progress& x) {
    return f(x.file_id, x.now_at, x.fraction);
  }
};

/// A preview as a processor has it: in the attempt's work folder.
struct preview_made {
  preview_file preview;
  mediad::profile profile = mediad::profile::other; ///< `other`: as identified.
  std::string media = "{}";

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, preview_made& x) {
    return f(x.preview, x.profile, x.media);
  }
};

/// One attempt at processing one stored file.
struct assignment {
  file_record record;
  std::string work_dir; ///< Absolute path; exists, is empty, belongs to this attempt alone.

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, assignment& x) {
    return f(x.record, x.work_dir);
  }
};

/// A body that has arrived whole: in staging, hashed, synced.
struct received_body {
  std::string id;
  std::string user; ///< Id of its owner.
  std::uint64_t bytes = 0;
  std::string sha256;
  storage::new_upload fresh;    ///< As in storage::arrival.
  bool replaces_stored = false; ///< As in storage::arrival.
  unsigned profiles = 0;        ///< As in storage::arrival.

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, received_body& x) {
    return f(x.id, x.user, x.bytes, x.sha256, x.fresh, x.replaces_stored, x.profiles);
  }
};

/// A piece of a body that arrives has been written into its staging file.
struct growth {
  std::string id;
  /// Offset of its first byte. If it is lower than an earlier `to`, the client has restarted and
  /// the bytes seen before are void.
  std::uint64_t from = 0;
  std::uint64_t to = 0; ///< Offset behind its last byte.
  std::string user;     ///< Id of the file's owner.

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, growth& x) {
    return f(x.id, x.from, x.to, x.user);
  }
};

/// What a session wants to hear.
struct event_filter {
  std::string user;
  std::vector<std::string> files; ///< Empty: every file that the user may hear of.
  /// Id; not empty: what is in that folder alone, and below it. As nothing says where a file is of
  /// which progress is told, that is heard of `files` alone.
  std::string folder{};

  bool wants(const event& e) const;
  bool wants(const live_event& e) const;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, event_filter& x) {
    return f(x.user, x.files, x.folder);
  }
};

std::string to_string(lane l);

} // namespace mediad

CAF_BEGIN_TYPE_ID_BLOCK(mediad, caf::first_custom_type_id)
  CAF_ADD_TYPE_ID(mediad, (mediad::errc))
  CAF_ADD_TYPE_ID(mediad, (mediad::lane))
  CAF_ADD_TYPE_ID(mediad, (mediad::file_record))
  CAF_ADD_TYPE_ID(mediad, (mediad::event))
  CAF_ADD_TYPE_ID(mediad, (mediad::live_event))
  CAF_ADD_TYPE_ID(mediad, (mediad::event_filter))
  CAF_ADD_TYPE_ID(mediad, (mediad::stage_progress))
  CAF_ADD_TYPE_ID(mediad, (mediad::preview_made))
  CAF_ADD_TYPE_ID(mediad, (mediad::assignment))
  CAF_ADD_TYPE_ID(mediad, (mediad::received_body))
  CAF_ADD_TYPE_ID(mediad, (mediad::growth))
  CAF_ADD_TYPE_ID(mediad, (mediad::media::job))
  CAF_ADD_TYPE_ID(mediad, (mediad::media::job_result))
  CAF_ADD_TYPE_ID(mediad, (mediad::storage::change))
  CAF_ADD_TYPE_ID(mediad, (mediad::storage::applied))
  CAF_ADD_TYPE_ID(mediad, (mediad::storage::finished_attempt))
  CAF_ADD_ATOM(mediad, mediad, accept_atom, "accept")
  CAF_ADD_ATOM(mediad, mediad, admit_atom, "admit")
  CAF_ADD_ATOM(mediad, mediad, cancel_atom, "cancel")
  CAF_ADD_ATOM(mediad, mediad, copy_atom, "copy")
  CAF_ADD_ATOM(mediad, mediad, process_atom, "process")
  CAF_ADD_ATOM(mediad, mediad, progress_atom, "progress")
  CAF_ADD_ATOM(mediad, mediad, remove_atom, "remove")
  CAF_ADD_ATOM(mediad, mediad, retry_atom, "retry")
  CAF_ADD_ATOM(mediad, mediad, run_atom, "run")
  CAF_ADD_ATOM(mediad, mediad, sweep_atom, "sweep")
CAF_END_TYPE_ID_BLOCK(mediad)

CAF_ERROR_CODE_ENUM(mediad::errc, "mediad")

// The owner of the database lives in the process of all who ask it, so what they say to each other
// need not be serialized; CAF 0.17 could not inspect a std::variant or a std::optional either.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mediad::storage::change)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mediad::storage::applied)
// A job leaves this process as JSON (media/job/json.hpp), never as a message.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mediad::media::job)

namespace mediad {

/// Sole owner of the database and of the folder tree. Every answer is durable. Events go from
/// here to the notifier, in order, after the commit that holds them.
using storage_actor = caf::typed_actor<
  // Applies one change; changes that wait together share one commit. What each does, with its
  // errors, stands in storage/changes.hpp. Besides those every change may fail with storage_io;
  // then the owner ends, and the server with it. If no caller waits for the answer
  // (caf::anon_send), an error but not_found is logged.
  caf::replies_to<storage::change>::with<storage::applied>>;

/// One WebSocket or SSE connection, or another listener. It hears from the notifier alone.
using session_actor = caf::typed_actor<
  // An event of a file that its filter wants; they come in the order of their numbers.
  caf::reacts_to<event>,
  // Progress of such a file: it is not stored, and may be dropped.
  caf::reacts_to<live_event>>;

/// Has the storage owner remove, at intervals, the uploads that expired and the old request keys.
using sweeper_actor = caf::typed_actor<
  // Sweeps at once, without waiting for the interval.
  caf::reacts_to<sweep_atom>>;

/// Has a process make a copy of the database, at intervals.
using copier_actor = caf::typed_actor<
  // Makes one at once, without waiting for the interval.
  caf::reacts_to<copy_atom>>;

/// Fans events out to subscribed sessions, each at most once and in order.
using notifier_actor = caf::typed_actor<
  // From the storage owner only, in the order of their numbers.
  caf::reacts_to<event>,
  // From supervisors; the notifier drops it if no session listens.
  caf::reacts_to<live_event>,
  // Replaces the session's filter if it has one. Ends with the session. The answer is the number
  // of the newest event fanned out before: every later one that the filter wants will come.
  caf::replies_to<caf::subscribe_atom, session_actor, event_filter>::with<std::uint64_t>>;

/// Hears how a job goes.
using progress_sink = caf::typed_actor<
  // So much of the job is done, 0..1.
  caf::reacts_to<progress_atom, double>>;

/// Worker processes. Errors: what the worker says, worker_died, timeout, cancelled.
using codec_pool_actor = caf::typed_actor<
  // Queues the job in its lane, runs it, answers with what it made. The sink may be null.
  caf::replies_to<run_atom, media::job, lane, progress_sink>::with<media::job_result>,
  // Drops or kills every job of this file.
  caf::reacts_to<cancel_atom, std::string>>;

/// Previews that are made while their files arrive. Best effort: when no worker is free, the file
/// gets its preview after it has arrived, like any other.
using early_previews_actor = caf::typed_actor<
  // The first bytes of a file may begin a preview.
  caf::reacts_to<growth>,
  // All of a file is there, so many bytes: its preview, in the work folder of attempt 0, with what
  // identify would say. Errors: not_found if none was begun, or one of other bytes; what the worker
  // says, timeout.
  caf::replies_to<accept_atom, std::string, std::uint64_t>::with<media::job_result>,
  // The file will not come.
  caf::reacts_to<remove_atom, std::string>>;

/// Keeper of one worker process: one job at a time. A process that ended, for whatever reason, is
/// replaced when the next job comes.
using codec_worker_actor = caf::typed_actor<
  // Opens the input of the job, has the process do it, and answers with what it made. Blocks until
  // then. The sink may be null. Errors: those of the pool, or why the input cannot be opened.
  caf::replies_to<run_atom, media::job, progress_sink>::with<media::job_result>,
  // Starts the process now, so that the first job finds it warm.
  caf::reacts_to<caf::open_atom>,
  // Ends the process, to give its memory back.
  caf::reacts_to<caf::close_atom>>;

/// Lives as long as one file is unfinished.
using upload_actor = caf::typed_actor<
  // Identifies and registers the body; answers with the registered record; then processes it.
  caf::replies_to<accept_atom, received_body>::with<file_record>,
  // Processes a file that is registered already: after a restart, or because its user asked to
  // try again. Answers once it is `processing`, or has failed for good.
  caf::replies_to<process_atom, file_record>::with<file_record>,
  // From the processor: publish this preview; the answer says that it is durable.
  caf::replies_to<preview_made>::with<caf::ok_atom>,
  // From the processor; goes on to the notifier, at intervals.
  caf::reacts_to<stage_progress>,
  // Answers with how far the file is.
  caf::replies_to<progress_atom>::with<stage_progress>,
  // Stops the running processor and ends in status::cancelled.
  caf::replies_to<cancel_atom>::with<file_record>>;

/// Turns one stored file into its previews, renditions and archive: the same interface for every
/// profile. Runs once, then quits.
using processor_actor = caf::typed_actor<
  // Does all jobs of the attempt, one after the other, and answers with what they made; the preview
  // goes to the supervisor as soon as it is there. Errors: those of the pool, of the first job that
  // fails.
  caf::replies_to<process_atom, assignment>::with<storage::finished_attempt>>;

/// Admits uploads, keeps one supervisor per unfinished file, takes unfinished ones up again.
using dispatcher_actor = caf::typed_actor<
  // Asked before a body of this user, by id, is taken: errc::busy while the user's share of the
  // backlog is full. An empty id stands for a user who has no unfinished file.
  caf::replies_to<admit_atom, std::string>::with<caf::ok_atom>,
  // Answers once the file is registered. Accepting an id twice is harmless.
  caf::replies_to<accept_atom, received_body>::with<file_record>,
  // How far a file is; errc::not_found for one that is not being processed.
  caf::replies_to<progress_atom, std::string>::with<stage_progress>,
  // Ends the processing of a file; errc::conflict unless it is being processed.
  caf::replies_to<cancel_atom, std::string>::with<file_record>,
  // Processes a file again; errc::conflict unless it failed or was cancelled.
  caf::replies_to<retry_atom, std::string>::with<file_record>,
  // Stops what is going on with the file, then removes it.
  caf::replies_to<remove_atom, std::string>::with<file_record>>;

} // namespace mediad
