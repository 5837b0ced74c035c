#pragma once

#include "base/error.hpp"
#include "media/worker/jobs.hpp"

namespace mediad::media {

/// Reads one `settings`, then job after job from @p socket, and answers each, until the other end
/// closes. An exception out of @p run is the answer errc::internal and ends nothing.
/// @returns success at the end of the stream; an error for a packet that makes no sense.
result<> serve(int socket, job_function run);

} // namespace mediad::media
