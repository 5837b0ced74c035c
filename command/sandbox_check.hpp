#pragma once

#include "base/error.hpp"
#include "base/metrics.hpp"
#include "media/job/job.hpp"
#include "media/job/sandbox_report.hpp"
#include "media/settings.hpp"

#include <filesystem>
#include <string>

namespace mediad::command {

/// Starts a worker of @p kind and waits until it says what protects its jobs.
/// @returns errc::timeout after 20 s; errc::worker_died.
result<media::sandbox_report> ask_for_sandbox(const std::filesystem::path& program,
                                              const media::worker_settings& options,
                                              media::worker_kind kind);

/// The same for the start of a server: what is missing goes to the log.
/// @returns an error if something is missing and sandbox.required is set.
result<media::sandbox_report> check_sandbox(const std::filesystem::path& program,
                                            const media::worker_settings& options);

/// Registers one gauge for each part: 1 if it is on.
void register_sandbox(const media::sandbox_report& report, metrics::registry& all);

} // namespace mediad::command
