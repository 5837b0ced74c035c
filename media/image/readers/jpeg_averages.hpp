#pragma once

#include "media/image/readers/jpeg_decoder.hpp"
#include "media/picture/planes.hpp"

#include <optional>

namespace mediad::media {

/// Whether read_averages() is for this kind of JPEG: baseline, in colour, all in one scan.
/// @param codec  its header is read.
bool has_quick_averages(const jpeg_decoder& codec);

/// A JPEG at an eighth of its size: the averages of its blocks, which are their DC coefficients.
/// All else in its scan is skipped, a few symbols at a time: libjpeg takes three times as long.
/// @param codec  has_quick_averages(), and nothing but its header is read. It cannot be used
///               afterwards.
/// @returns nothing if there is any doubt about the file: the caller then has libjpeg decode it
/// from
///          its first byte on. Chroma is as much smaller than luma as in the file.
std::optional<planar> read_averages(jpeg_decoder& codec);

} // namespace mediad::media
