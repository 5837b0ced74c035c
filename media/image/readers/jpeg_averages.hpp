#pragma once

#include "media/image/readers/jpeg_decoder.hpp"
#include "media/picture/planes.hpp"

#include <optional>

namespace mediad::media {

/// Whether read_averages() is for this kind of JPEG: baseline, in colour, all in one scan.
/// @param codec  its header is read.
bool has_quick_averages(const jpeg_decoder& codec);

/// A JPEG at an eighth of its size: the averages of its blocks. All else in its scan is skipped, a
/// few symbols at a time, which takes a third of libjpeg's time for the same.
/// @param codec  has_quick_averages(), and nothing but its header is read. Of no use afterwards.
/// @returns nothing if there is any doubt about the file: libjpeg shall judge it then, from its
///          first byte on. Chroma is as much smaller than luma as in the file.
std::optional<planar> read_averages(jpeg_decoder& codec);

} // namespace mediad::media
