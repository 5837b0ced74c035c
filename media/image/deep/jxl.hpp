#pragma once

#include "media/image/stored_image.hpp"

#include <filesystem>

namespace mediad::media {

/// The first frame of a JPEG XL file (ISO/IEC 18181), upright.
/// @returns errc::too_large over a limit, errc::corrupt_media if nothing can be shown.
result<stored_image> read_jxl(const std::filesystem::path& file, const limits& max);

} // namespace mediad::media
