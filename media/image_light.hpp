#pragma once

#include "media/image.hpp"

#include <filesystem>

/// The readers that need no OpenImageIO: libjpeg-turbo, libpng, libwebp. Each checks the header
/// against the limits before it decodes.
/// @returns errc::too_large over a limit, errc::corrupt_media for damaged or cut off bytes,
///          errc::unsupported_media for a variant without decoder.
namespace mediad::media {

result<stored_image> read_jpeg(const std::filesystem::path& file, wanted_size wanted,
                               const limits& max);
result<stored_image> read_png(const std::filesystem::path& file, const limits& max);
result<stored_image> read_webp(const std::filesystem::path& file, wanted_size wanted,
                               const limits& max);

} // namespace mediad::media
