#pragma once

#include "media/picture/picture.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace mediad::media {

/// Profiles over this size are ignored: real ones have at most 2 or 3 MB.
inline constexpr std::size_t max_icc_bytes = 4U << 20U;

/// Converts @p pixels in place from the colours of @p icc to sRGB, relative colorimetric with
/// black point compensation. Left as it is: an empty profile, sRGB itself, one that is damaged or
/// not of RGB or gray (browsers show such files as sRGB too).
void to_srgb(picture& pixels, std::span<const std::uint8_t> icc);

/// Whether to_srgb() by this profile would leave every colour as it is.
bool is_srgb(std::span<const std::uint8_t> icc);

/// Whether @p icc is a usable profile of RGB.
bool has_rgb_profile(std::span<const std::uint8_t> icc);

/// A profile for colours that a file names by number (ITU-T H.273, 8.1 and 8.2); empty for sRGB's
/// own, for unspecified ones and for those that are not of ordinary brightness.
std::vector<std::uint8_t> profile_for(unsigned primaries, unsigned transfer);

/// Turns rows of CMYK into rows of sRGB.
class cmyk_converter {
public:
  /// @param icc      the embedded profile; without a usable one the plain formula is used.
  /// @param inverted 255 means no ink, as Adobe's programs write it.
  cmyk_converter(std::span<const std::uint8_t> icc, bool inverted);
  /// @param cmyk four bytes a pixel. @param rgb three bytes a pixel.
  void convert(const std::uint8_t* cmyk, std::uint8_t* rgb, std::uint32_t pixels) const;

private:
  struct free_transform {
    void operator()(void* transform) const noexcept;
  };
  std::unique_ptr<void, free_transform> transform_;
  bool inverted_;
};

} // namespace mediad::media
