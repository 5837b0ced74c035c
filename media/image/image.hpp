#pragma once

#include "base/error.hpp"
#include "media/job/module.hpp"
#include "media/picture/picture.hpp"
#include "media/picture/planes.hpp"
#include "media/settings.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

/// Still pictures: what the readers hand out, and the preview and the ladder made of it.
namespace mediad::media {

/// How large a reader's picture must be at least; a reader that decodes at a smaller scale for
/// less work may use that. Nothing set: full size.
struct wanted_size {
  std::uint32_t box = 0;   ///< The longer side, pixels.
  std::uint32_t width = 0; ///< The upright picture's width, pixels.

  /// The smallest scale, above 0 and at most 1, at which a picture of @p stored pixels that is
  /// turned by @p orientation still suffices.
  double least_scale(extent stored, int orientation) const;
  /// The side of the squares of pixels whose means suffice (see row_averager).
  std::uint32_t factor(extent stored, int orientation) const;
};

/// A picture as its file holds it: not yet upright and not yet in sRGB, because both cost less
/// once it has become small.
struct stored_image {
  picture pixels;                 ///< Perhaps smaller than `full`, see wanted_size.
  std::optional<planar> planes;   ///< Instead of pixels, where the file holds such.
  extent full;                    ///< As the file says, before turning.
  int orientation = 1;            ///< 1..8 as Exif defines it (CIPA DC-008, tag 0x0112).
  std::vector<std::uint8_t> icc;  ///< The embedded RGB or gray profile; empty: sRGB.
  std::vector<std::uint8_t> exif; ///< With or without its `Exif\0\0`.
};

/// Whether a picture's header may be believed and decoded.
/// @returns errc::too_large over a limit, errc::corrupt_media for a side of 0.
result<> check_size(extent size, const limits& max);

/// The stored picture in RGB, neither turned nor in other colours.
result<picture> whole_picture(const stored_image& image);

/// Whether nothing is seen through @p pixels, of 4 channels.
bool is_opaque(std::span<const std::uint8_t> pixels);

/// @p p without its alpha if all of it is opaque.
picture without_needless_alpha(picture p);

/// What the preview needs of a reader.
wanted_size for_preview(const settings& options);

/// What the ladder needs: twice its widest rung, as a scale just above the rung blurs.
wanted_size for_renditions(const settings& options);

/// Writes the preview (see write_preview); `media` gets width and height as shown, and orientation.
result<job_result> image_preview(stored_image image, const job& work, const job_context& context);

/// Writes the ladder: for every width of the settings that does not enlarge, or else once in its
/// own width, `w<width>.jpg`, `.webp`, `.avif` and `.png` as the settings ask; the quick formats
/// first. WebP is left out where a side is longer than WebP can hold.
result<job_result> image_renditions(stored_image image, const job& work,
                                    const job_context& context);

} // namespace mediad::media
