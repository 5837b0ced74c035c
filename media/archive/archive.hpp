#pragma once

#include "base/error.hpp"
#include "media/job/module.hpp"

#include <string>
#include <string_view>

namespace mediad::media {

/// Writes `archive.zip`: the input in the root under its own name, job::members in `renditions/`,
/// in the order given, and `manifest.json`, which names them all with sizes, SHA-256 digests and
/// media types. The same inputs give the same bytes. What is compressed already is stored.
///
/// From archive_options::copy_below on, large members are not copied: job_result::splices says
/// where they belong, and `archive.zip` is a ZIP only with them. Its digest then still stands for
/// the whole, as it holds the directory with all checksums and the manifest with all digests.
/// @returns errc::bad_request for a member that is not a plain file of the output folder.
result<job_result> write_archive(const job& work, const job_context& context);

/// @p name as it may stand in the root of an archive: no separators, no control characters, no
/// drive letters, never empty, `.` or `..`, and none of the archive's own names.
std::string safe_entry_name(std::string_view name);

} // namespace mediad::media
