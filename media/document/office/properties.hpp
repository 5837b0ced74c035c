#pragma once

#include "base/file.hpp"
#include "media/facts/file_facts.hpp"
#include "media/settings.hpp"

namespace mediad::media::office {

/// Title, author and language that an office file says of itself: its core properties (ECMA-376
/// part 2, 11) or `meta.xml` (OpenDocument 1.3 part 3, 4.3). Nothing of a file that is no ZIP of
/// parts.
file_facts properties_of(const opened_file& file, const limits& max);

} // namespace mediad::media::office
