#pragma once

#include "media/image.hpp"

#include <filesystem>
#include <string_view>

/// The formats that OpenImageIO reads for us. Its readers are old and many, so each file meets the
/// one that belongs to its media type and no other, whatever its name says.
namespace mediad::media {

/// Reads the first picture of a TIFF, GIF, BMP, PSD, OpenEXR, Radiance, JPEG 2000, HEIC, AVIF or
/// TGA file. More than 8 bits are reduced, linear light becomes sRGB, premultiplied alpha does not
/// stay so.
/// @returns errc::too_large over a limit, errc::corrupt_media for damaged or cut off bytes,
///          errc::unsupported_media for another media type or a variant without decoder.
result<stored_image> read_deep_image(const std::filesystem::path& file, std::string_view media_type,
                                     const limits& max);

/// The size that a header claims, by our own look at the first bytes: several readers allocate or
/// even decode while they open.
/// @returns 0 x 0 for formats whose readers can be asked, and where nothing was found.
extent claimed_size(std::string_view head, std::string_view media_type);

/// The ICC profile in the first bytes of a HEIC or AVIF file, which OpenImageIO 2.4 does not hand
/// out; empty if there is none. Phones write Display P3 there.
std::vector<std::uint8_t> heif_profile(std::string_view head);

} // namespace mediad::media
