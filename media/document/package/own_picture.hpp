#pragma once

#include "base/error.hpp"
#include "media/bytes/zip_package.hpp"
#include "media/job/module.hpp"
#include "media/picture/picture.hpp"

#include <string>
#include <string_view>

namespace mediad::media {

/// Whether files of @p media_type may carry a picture of themselves: Apple's iWork, and EPUB.
bool has_own_picture(std::string_view media_type);

/// The picture that the document in job_context::input carries of itself, fitted into a square of
/// @p box pixels: a cover, or what its program has drawn of the first page.
/// @returns errc::unsupported_media if it carries none, or none that is a JPEG, PNG or WebP;
///   errc::corrupt_media, errc::too_large as the readers of pictures.
result<picture> own_picture(std::string_view media_type, const job_context& context,
                            std::uint32_t box);

} // namespace mediad::media
