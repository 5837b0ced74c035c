#pragma once

#include <string_view>

namespace mediad::media {

/// Whether a HEIF file turns or mirrors a picture by a property of its own, `irot` or `imir`
/// (ISO/IEC 23008-12, 6.5.10 and 6.5.12): then those alone say how it is shown. Without any, its
/// Exif counts (docs/decisions/0025-exif-turns-heif.md).
/// @param bytes the file's first ones, at least to the end of its `meta` box.
/// @returns true if there is no such box: nothing can be concluded then.
bool has_heif_turn(std::string_view bytes);

} // namespace mediad::media
