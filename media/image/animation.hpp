#pragma once

#include "base/error.hpp"
#include "base/file.hpp"
#include "media/image/image.hpp"

#include <memory>
#include <optional>
#include <string_view>

/// Pictures that move: GIF and animated WebP.
namespace mediad::media {

struct animation_frame {
  picture canvas; ///< The whole picture as it is shown, RGBA.
  std::uint32_t milliseconds = 0;
};

/// Frames one after the other, each at the size of the whole.
class animation {
public:
  animation() = default;
  animation(const animation&) = delete;
  animation& operator=(const animation&) = delete;
  virtual ~animation() = default;

  /// @returns nothing after the last frame that is there, errc::corrupt_media if nothing of the
  ///   first one is.
  virtual result<std::optional<animation_frame>> next() = 0;

  extent size;
  std::uint32_t frames = 1; ///< How many the file says it has.
  std::uint32_t loops = 0;  ///< How often it is shown; 0: without end.
  /// Set by next() where the file turns out to be cut off or damaged: a first frame shows what of
  /// it is there, later ones are left out.
  bool is_incomplete = false;
  std::vector<std::uint8_t> icc;
};

/// Checks the header, and the number of frames against the limit, before it decodes.
/// @returns errc::too_large over a limit, errc::corrupt_media for a damaged header.
result<std::unique_ptr<animation>> open_gif(const opened_file& file, const limits& max);
/// The same for a WebP file. @returns null for one that does not move.
result<std::unique_ptr<animation>> open_animated_webp(const opened_file& file, const limits& max);

/// The first frame, as a reader hands it out.
result<stored_image> first_frame(animation& moving);

/// Writes `animation.webp` of all frames, unless only one is there: in the box of the settings,
/// never enlarged.
/// @param done gets the file, and `frames` among its facts: how many there are.
result<> write_animation(animation& moving, const job_context& context, job_result& done);

} // namespace mediad::media
