#pragma once

#include "base/error.hpp"
#include "base/file.hpp"
#include "media/settings.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string_view>

namespace mediad::media::office {

enum class application : std::uint8_t { writer, calc, impress, draw };

/// A kind of file that LibreOffice reads for us.
struct file_format {
  std::string_view media_type;
  std::string_view extension;
  std::string_view import_filter; ///< LibreOffice's name for its reader; empty: let it look.
  application opens_in = application::writer;
};

/// The format of OpenDocument that @p format becomes as target::open_document.
const file_format& open_format_of(const file_format& format);

/// The format of @p media_type, or nullptr if it is none of LibreOffice's.
const file_format* find_format(std::string_view media_type);

/// What LibreOffice makes of a document: pages, or its content in a form that text_of() reads.
enum class target : std::uint8_t { pdf, open_document };

/// One conversion.
struct conversion {
  opened_file input;
  std::filesystem::path output; ///< Absolute; written only when all went well.
  const file_format& format;
  std::uint32_t last_page = 1; ///< Pages from the first to this one are made, of a PDF.
  target made = target::pdf;
};

/// How much of the processors' time one conversion of @p input may take: options.timeout_s, and
/// options.timeout_per_mib_s for each MiB, begun or whole, after the first.
std::chrono::milliseconds time_for(const opened_file& input, const office_options& options);

/// Converts by one run of LibreOffice, which has a profile of its own in a directory beside
/// @p what.output that is removed again: nothing of one document reaches the next. Macros do not
/// run and links to other files are not followed.
/// @returns errc::password_protected, errc::corrupt_media if LibreOffice makes nothing of it,
///   errc::timeout after time_for(), errc::storage_io, errc::internal if LibreOffice
///   cannot be started.
result<> convert(const conversion& what, const office_options& options);

} // namespace mediad::media::office
