#pragma once

#include "base/error.hpp"
#include "base/file.hpp"
#include "media/settings.hpp"

#include <string_view>

namespace mediad::media::office {

/// Where the RTF begins in a file that begins with @p head: a byte order mark or white space may
/// stand before it. std::string_view::npos if it is none.
std::size_t begin_of_rtf(std::string_view head);

/// Looks into a Rich Text Format file (RTF specification 1.9.1) before LibreOffice has to, which
/// keeps more than a kilobyte for every group that is open. Reads it as a stream, up to the first
/// limit that is passed.
/// @returns errc::too_large for more than limits.max_markup_bytes, and for groups that are nested
///   more than 1,000 deep. A file that is no RTF, or a damaged one, is left for others to judge.
result<> check_rtf(const opened_file& file, const limits& max);

} // namespace mediad::media::office
