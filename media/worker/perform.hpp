#pragma once

#include "media/worker/jobs.hpp"

namespace mediad::media {

/// Does @p work by @p run and sends its answers, progress and the end, over @p answers. An
/// exception out of @p run is the answer errc::internal.
/// @param growth see job_context.
/// @returns an error only if the answer could not be sent.
result<> perform(const job& work, const settings& options, job_function run, int answers,
                 int growth = -1);

} // namespace mediad::media
