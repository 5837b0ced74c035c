#pragma once

#include "base/error.hpp"
#include "media/job/job.hpp"
#include "media/job/sandbox_report.hpp"
#include "media/settings.hpp"

#include <string>
#include <string_view>
#include <variant>

/// What the packets of the job protocol say, as JSON texts; see packets.hpp for how they travel.
namespace mediad::media {

/// What a worker answers to a job: any number of job_progress, then one of the other two.
using from_worker = std::variant<job_progress, job_result, error>;

std::string encode(const worker_settings& s);
/// The text holds only those of the job's parameters that are not the defaults.
std::string encode(const job& j);
std::string encode(const from_worker& answer);
std::string encode(const sandbox_report& report);

/// Each refuses what its encode would not have written: errc::internal, naming the member.
result<worker_settings> decode_settings(std::string_view packet);
result<job> decode_job(std::string_view packet);
result<from_worker> decode_answer(std::string_view packet);
result<sandbox_report> decode_report(std::string_view packet);

} // namespace mediad::media
