#pragma once

#include "base/file.hpp"
#include "media/document/office/convert.hpp"
#include "media/settings.hpp"

#include <string>

namespace mediad::media::office {

/// Whether text_of() reads files of this format.
bool is_read_here(const file_format& format);

/// The text of a document or of slides, from its XML: every letter that is in it, whether or not
/// there is a font to draw it, a form feed between slides. Also headers, footers, notes at the foot
/// and the end, diagrams, and the words of charts.
/// @returns at most one piece more than limits.max_text_bytes; empty if not is_read_here(), and if
///   nothing can be read.
std::string text_of(const opened_file& file, const file_format& format, const limits& max);

} // namespace mediad::media::office
