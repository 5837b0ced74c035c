#pragma once

#include "media/job/job.hpp"

#include <string_view>

/// Which kind of worker does which job for which files.
namespace mediad::media {

/// Whether an archive_listing can be made of files of this type.
bool is_archive_type(std::string_view media_type);

/// Whether LibreOffice reads files of this type.
bool is_office_type(std::string_view media_type);

/// The worker that can do @p kind for a file of @p media_type (light decodes JPEG, PNG, WebP,
/// GIF, AVIF and HEIC itself; deep_image is OpenImageIO's; office is document with LibreOffice).
worker_kind worker_for(job_kind kind, std::string_view media_type);

} // namespace mediad::media
