#pragma once

#include "base/file.hpp"
#include "media/image/stored_image.hpp"

#include <string_view>

namespace mediad::media {

/// Reads a JPEG 2000 file or code stream (ISO/IEC 15444-1) by OpenJPEG: OpenImageIO does not heed
/// where on its canvas a picture begins.
/// @param wanted what suffices: it may come at a half, a quarter … of its size.
/// @returns errors as those of read_deep_image().
result<stored_image> read_jpeg2000(const opened_file& file, std::string_view media_type,
                                   wanted_size wanted, const limits& max);

} // namespace mediad::media
