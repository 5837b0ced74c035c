#pragma once

#include "base/error.hpp"
#include "base/record.hpp"
#include "media/picture.hpp"

#include <filesystem>
#include <string>

namespace mediad::media {

/// The longest side that WebP can hold, pixels.
inline constexpr std::uint32_t webp_max_side = 16'383;

/// A WebP file of @p source without any metadata.
/// @param quality 1..100 as WebP defines it.
/// @param method  0 (fast)..6 (small).
/// @returns errc::too_large for a side over webp_max_side.
result<std::string> encode_webp(const picture& source, int quality, int method);

/// A progressive JPEG file (4:2:0) of @p source without any metadata; alpha is laid on white.
/// @param quality 1..100.
result<std::string> encode_jpeg(const picture& source, int quality);

/// Writes @p bytes as a new file; one that is there already is replaced.
result<> write_file(const std::filesystem::path& file, std::string_view bytes);

/// Encodes into @p file (`.../w640.webp`) and describes it for job_result::files.
result<made_file> write_webp(const picture& source, const std::filesystem::path& file, int quality,
                             int method);
result<made_file> write_jpeg(const picture& source, const std::filesystem::path& file, int quality);

} // namespace mediad::media
