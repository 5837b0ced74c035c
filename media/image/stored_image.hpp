#pragma once

#include "base/error.hpp"
#include "media/facts/file_facts.hpp"
#include "media/picture/picture.hpp"
#include "media/picture/planes.hpp"
#include "media/settings.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

/// What a reader of pictures is asked for and hands out. A reader knows no job.
namespace mediad::media {

/// How large a reader's picture must be at least; a reader that decodes at a smaller scale for
/// less work may use that. If neither member is set, the picture is wanted at full size.
struct wanted_size {
  std::uint32_t box = 0;   ///< The longer side, pixels.
  std::uint32_t width = 0; ///< The upright picture's width, pixels.

  /// The smallest scale, above 0 and at most 1, at which a picture of @p stored pixels that is
  /// turned by @p orientation still suffices.
  double min_scale(extent stored, int orientation) const;
  /// The side of the squares of pixels whose means suffice (see row_averager).
  std::uint32_t factor(extent stored, int orientation) const;
};

/// A picture as its file holds it: not yet upright and not yet in sRGB, because both cost less
/// once it has become small.
struct stored_image {
  picture pixels;                 ///< Perhaps smaller than `full`, see wanted_size.
  std::optional<planar> planes;   ///< Used instead of pixels if the file holds planes.
  extent full;                    ///< The size that the file's header names, before turning.
  int orientation = 1;            ///< 1..8 as Exif defines it (CIPA DC-008, tag 0x0112).
  std::vector<std::uint8_t> icc;  ///< The embedded RGB or gray profile; empty: sRGB.
  std::vector<std::uint8_t> exif; ///< The block may begin with `Exif\0\0`.
  file_facts facts;               ///< What its metadata says of its origin.
  /// Pixels are missing or wrong, because the file is cut off or damaged: those that could not be
  /// read are gray or transparent.
  bool is_incomplete = false;
  /// It was drawn for this purpose: `pixels` may be larger than `full`, and a preview fills its
  /// box.
  bool is_vector = false;
};

/// Whether a picture's header may be believed and decoded.
/// @returns errc::too_large over a limit, errc::corrupt_media for a side of 0.
result<> check_size(extent size, const limits& max);

/// The stored picture as RGB, with orientation and colour profile not yet applied.
result<picture> whole_picture(const stored_image& image);

/// Whether every pixel of @p pixels, which have 4 channels, is opaque.
bool is_opaque(std::span<const std::uint8_t> pixels);

/// @p p without its alpha if all of it is opaque.
picture without_needless_alpha(picture p);

} // namespace mediad::media
