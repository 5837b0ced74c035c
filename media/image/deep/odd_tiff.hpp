#pragma once

#include "base/file.hpp"
#include "media/image/stored_image.hpp"

#include <optional>

namespace mediad::media {

/// Reads page @p page (from 0) of a TIFF file by libtiff itself, if it is of a kind that
/// OpenImageIO shows in wrong colours or not at all: with inks (TIFF 6.0, section 16), a palette
/// and alpha, or JPEG of the old style (section 22).
/// @returns nothing for all other kinds; errors as those of read_deep_image().
std::optional<result<stored_image>> read_odd_tiff(const opened_file& file, int page,
                                                  const limits& max);

} // namespace mediad::media
