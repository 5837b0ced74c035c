#pragma once

#include "base/error.hpp"
#include "base/folder.hpp"
#include "base/record.hpp"
#include "media/picture/picture.hpp"
#include "media/picture/planes.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

/// The encoders. Metadata is what they are given and no other; all take quality as 1..100.
namespace mediad::media {

/// The longest side that WebP can hold, pixels.
inline constexpr std::uint32_t webp_max_side = 16'383;

/// Red, green and blue.
using rgb_color = std::array<std::uint8_t, 3>;
inline constexpr rgb_color white{255, 255, 255};

/// @p source without alpha, laid on @p background.
picture flatten(const picture& source, rgb_color background);

/// What is stored in a file besides its pixels. An empty member is left out.
struct attachments {
  std::vector<std::uint8_t> icc;
  std::vector<std::uint8_t> exif; ///< Begins with the TIFF header, without `Exif\0\0`.

  bool empty() const {
    return icc.empty() && exif.empty();
  }
};

/// A WebP file of @p source.
/// @param method 0 (fast)..6 (small).
/// @returns errc::too_large for a side over webp_max_side.
result<std::string> encode_webp(const picture& source, int quality, int method);
result<std::string> encode_webp(const planar& source, int quality, int method);

/// The same with nothing lost, where that suits: if @p source has few colours (unless that took
/// more than twice the bytes), or if it is as small as an icon and the file is not larger.
/// @param is_plain whether what @p source was shrunk from has few colours: shrinking blends them.
///        If losing nothing takes too much, edges between colours are at least kept sharp.
result<std::string> encode_webp_to_suit(const picture& source, int quality, int method,
                                        bool is_plain);

/// @p webp, a WebP file as encode_webp() makes it, with @p attached.
result<std::string> attach_to_webp(const std::string& webp, const attachments& attached);

/// A JPEG file. A picture is laid on white, its chroma halved and it is progressive; planes keep
/// the chroma they have.
result<std::string> encode_jpeg(const picture& source, int quality);
result<std::string> encode_jpeg(const planar& source, int quality, bool progressive,
                                const attachments& attached = {});

/// How AVIF is encoded.
struct avif_style {
  int quality = 60; ///< 1..100.
  int speed = 9;    ///< 0 (small)..10 (fast).
};
/// An AVIF file of @p source; with alpha if it has that.
result<std::string> encode_avif(const picture& source, const avif_style& style,
                                const attachments& attached = {});
result<std::string> encode_avif(const planar& source, const avif_style& style,
                                const attachments& attached = {});

/// A PNG file of @p source, nothing lost.
result<std::string> encode_png(const picture& source, const attachments& attached = {});

/// Writes @p bytes as a new file; one that is there already is replaced.
result<> write_file(const folder_entry& file, std::string_view bytes);

/// Writes what an encoder has made of a picture of @p size and describes it for job_result::files.
result<made_file> write_encoded(const result<std::string>& bytes, extent size,
                                const folder_entry& file, std::string_view media_type);

/// Encodes into @p file (`w640.jpg`) and describes it for job_result::files.
result<made_file> write_webp(const picture& source, const folder_entry& file, int quality,
                             int method);
result<made_file> write_jpeg(const picture& source, const folder_entry& file, int quality);

} // namespace mediad::media
