#pragma once

#include "media/job/module.hpp"

#include <functional>

namespace mediad::media {

/// The whole life of a worker: reads its settings from @p socket, goes into its namespaces, loads
/// its libraries, reports on its sandbox, and then serves jobs until the other end closes.
/// @param load called once; may start threads.
/// @returns errc::bad_request if sandbox.required is set and a part of it cannot be had.
result<> run_worker(int socket, worker_kind kind,
                    const std::function<result<const job_module*>()>& load);

} // namespace mediad::media
