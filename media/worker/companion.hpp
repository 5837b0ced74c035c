#pragma once

#include "base/file.hpp"
#include "media/job/module.hpp"
#include "media/worker/sandbox/sandbox.hpp"

namespace mediad::media {

/// Starts the companion of this process's job, if the kind has one, and waits until it is ready.
/// This process must be a job's, before its job comes and with one thread; it goes on in a process
/// namespace of its own (see enter_process_namespace), so that the companion ends with it.
/// @returns the companion's folder; nothing where there is none, or where the system cannot give it
///   what it needs: jobs then start their programs themselves.
unique_fd start_companion(const worker_settings& options, const job_module& jobs,
                          const sandbox::confinement& sandbox);

} // namespace mediad::media
