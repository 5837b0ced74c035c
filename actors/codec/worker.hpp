#pragma once

#include "actors/codec/process.hpp"
#include "actors/protocol.hpp"

#include <caf/actor_system.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace mediad::actors {

/// Opens the input of a job for reading, when its turn has come: the stored bytes of job::sha256,
/// or what is in staging under job::file_id. Called from the workers' threads.
using input_opener = std::function<result<unique_fd>(const media::job&)>;

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
  /// The processor time that its job has used so far, with all that it started. From any thread.
  std::function<std::chrono::milliseconds()> processor_time{};
  /// Halts its process, with all that it has started, until go_on(); even one that only begins.
  /// What ends a job or the process works meanwhile, but a job's end is noticed after go_on()
  /// alone. From any thread.
  std::function<void()> stop{};
  std::function<void()> go_on{};
};

/// Spawns the keeper of one worker process, on a thread of its own: it blocks while a job runs.
/// The process starts with the first job, or with open_atom.
codec_worker spawn_codec_worker(caf::actor_system& sys, worker_command command,
                                input_opener open_input);

} // namespace mediad::actors
