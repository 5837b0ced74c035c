#pragma once

#include "base/error.hpp"
#include "media/job/module.hpp"
#include "media/worker/sandbox/sandbox.hpp"

namespace mediad::media {

/// Takes job after job from @p socket until the other end closes, each in a process of its own that
/// is forked before the job comes and ends with it: whatever a hostile file does to the process
/// that decodes it, the next file's never sees it. This process itself touches no byte of any file,
/// and kills what a job leaves running if it is the first of its process namespace. The next
/// process is got ready while a job runs, unless that job may start programs.
///
/// Only this thread goes on in the jobs' processes (fork(2)).
/// @returns success at the end of the stream; an error for a packet that makes no sense, or after a
///   job that crashed, whose answer is the end of its socket.
result<> serve(int socket, const worker_settings& options, const job_module& jobs,
               const sandbox::confinement& sandbox);

} // namespace mediad::media
