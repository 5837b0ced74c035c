#pragma once

#include "base/file.hpp"
#include "media/image/stored_image.hpp"

namespace mediad::media {

/// Draws an SVG file, packed with gzip or not: at its own size, smaller if that suffices, larger if
/// it is smaller than a preview. It sees no other file and no network: librsvg resolves nothing
/// without a base address, and the sandbox forbids the rest.
/// @returns errc::too_large over a limit (a file over 8 MiB, too), errc::corrupt_media if it
///          cannot be parsed or has no size.
result<stored_image> read_svg(const opened_file& file, wanted_size wanted, const limits& max);

} // namespace mediad::media
