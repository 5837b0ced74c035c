#pragma once

#include "base/file.hpp"
#include "media/image/image.hpp"

#include <string_view>

/// The formats that OpenImageIO reads for us. Its readers are old and many, so each file meets the
/// one that belongs to its media type and no other, whatever its name says.
namespace mediad::media {

/// Reads the first picture of a TIFF, OpenEXR or Radiance file. More than
/// 8 bits are reduced, linear light becomes sRGB, premultiplied alpha does not stay so.
/// @param wanted what suffices: opaque pictures come smaller, which takes a tenth of the memory.
/// @returns errc::too_large over a limit, errc::corrupt_media for damaged or cut off bytes,
///          errc::unsupported_media for another media type or a variant without decoder.
result<stored_image> read_deep_image(const opened_file& file, std::string_view media_type,
                                     wanted_size wanted, const limits& max);

/// The pages of a TIFF that has more than one, as `page-1.webp` … in the box of a document's pages
/// and as many as of one; thumbnails and masks are none.
/// @param done gets the files, and `pages` among its facts.
result<> write_tiff_pages(const job_context& context, job_result& done);

} // namespace mediad::media
