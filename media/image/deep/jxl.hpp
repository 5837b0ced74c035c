#pragma once

#include "base/file.hpp"
#include "media/image/stored_image.hpp"

namespace mediad::media {

/// The first frame of a JPEG XL file (ISO/IEC 18181), upright.
/// @returns errc::too_large over a limit, errc::corrupt_media if nothing can be shown.
result<stored_image> read_jxl(const opened_file& file, const limits& max);

} // namespace mediad::media
