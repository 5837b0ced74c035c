#pragma once

#include "actors/codec/process.hpp"
#include "actors/protocol.hpp"

#include <caf/actor_system.hpp>

#include <functional>
#include <memory>

namespace mediad::actors {

/// A worker as the pool holds it.
struct codec_worker {
  codec_worker_actor actor;
  /// Ends the job of this job::number, and no other: it need not have begun. Its answer is
  /// errc::cancelled, unless it comes too late. From any thread, as kill().
  std::function<void(std::uint64_t number)> end_job;
  /// Ends the process with all that it does, at once; the answer is errc::worker_died.
  std::function<void()> kill;
  /// Used for a job that media::has_growing_input: begin() before it is sent, then tell.
  std::shared_ptr<input_feed> growth{};
};

/// Spawns the keeper of one worker process, on a thread of its own: it blocks while a job runs.
/// The process starts with the first job, or with open_atom.
codec_worker spawn_codec_worker(caf::actor_system& sys, worker_command command);

} // namespace mediad::actors
