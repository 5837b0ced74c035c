#pragma once

#include "base/error.hpp"
#include "base/file.hpp"
#include "media/settings.hpp"

namespace mediad::media::office {

/// Looks into an office file before LibreOffice has to, and if it is a ZIP or flat XML: how much it
/// unpacks to, and of what kind. Unpacks it as a stream, up to the first limit that is passed,
/// whatever sizes the file claims to have.
/// @returns errc::too_large for more XML and binary parts than limits.max_markup_bytes, for more
///   than 64 MiB of them packed tighter than limits.max_archive_ratio, for an element with more
///   than 4 MiB of text, which LibreOffice would lay out for minutes (32 MiB in flat XML, whose
///   pictures are text), and for more than limits.max_archive_entries parts; errc::corrupt_media
///   for XML that defines entities, which neither Office Open XML (ECMA-376 part 2, 8.1.4) nor
///   OpenDocument has a use for. RTF is looked into by check_rtf(); other files, and damaged parts
///   of these, are left for LibreOffice to judge.
result<> check_file(const opened_file& file, const limits& max);

} // namespace mediad::media::office
