#pragma once

#include "media/job/module.hpp"
#include "media/job/packets.hpp"

namespace mediad::media {

/// Does a job by @p run and sends its answers, progress and the end, over @p answers. An exception
/// out of @p run is the answer errc::internal.
/// @returns an error only if the answer could not be sent.
result<> perform(const taken_job& taken, const worker_settings& options, job_function run,
                 int answers);

} // namespace mediad::media
