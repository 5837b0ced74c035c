#pragma once

#include "base/error.hpp"
#include "media/worker/jobs.hpp"

#include <string>
#include <string_view>

namespace mediad::media {

/// Writes `archive.zip`: the input in the root under its own name, and job::members in
/// `renditions/`, in the order given. The same inputs give the same bytes. What is compressed
/// already is stored.
/// @returns errc::bad_request for a member that is not a plain file of the output folder.
result<job_result> write_archive(const job& work, const job_context& context);

/// @p name as it may stand in the root of an archive: no separators, no control characters, no
/// drive letters, never empty, `.` or `..`, and not the folder's own name.
std::string safe_entry_name(std::string_view name);

} // namespace mediad::media
