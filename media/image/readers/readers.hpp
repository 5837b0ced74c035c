#pragma once

#include "base/file.hpp"
#include "media/image/stored_image.hpp"

#include <cstdint>
#include <string_view>

/// The readers that need no OpenImageIO: libjpeg-turbo, libpng, libwebp, libavif, libheif, LibRaw,
/// and our own of formats that are simple. Each checks the header against the limits before it
/// decodes. A file that is cut off or damaged gives, AVIF, HEIC and raw ones apart, what of it is
/// there, as stored_image::is_incomplete says; one that lacks no more than its end mark is
/// complete.
/// @returns errc::too_large over a limit, errc::corrupt_media for bytes so damaged or so few that
///          nothing can be shown, errc::unsupported_media for a variant without decoder.
namespace mediad::media {

class growing_input;

/// @param offset where in the file the picture begins.
result<stored_image> read_jpeg(const opened_file& file, wanted_size wanted, const limits& max,
                               std::uint64_t offset = 0);
/// The same while the file arrives.
result<stored_image> read_jpeg(growing_input& input, wanted_size wanted, const limits& max);
result<stored_image> read_png(const opened_file& file, wanted_size wanted, const limits& max);
/// The first picture of an AVIF file.
result<stored_image> read_avif(const opened_file& file, const limits& max);
/// Makes libheif load its decoders, which in Debian 13 are libraries of their own, before a sandbox
/// forbids that. To be called once, before the first job.
void load_heic_decoders();
/// The main picture of a HEIC file, upright already; its thumbnail where that suffices.
result<stored_image> read_heic(const opened_file& file, wanted_size wanted, const limits& max);
/// The same while the file arrives: as soon as the picture that it takes is there.
result<stored_image> read_heic(growing_input& input, wanted_size wanted, const limits& max);
/// The largest preview that a camera has put into its raw file, as JPEG.
/// @returns errc::unsupported_media if there is none: what the sensor saw can be developed then.
result<stored_image> read_raw_preview(const opened_file& file, std::string_view media_type,
                                      wanted_size wanted, const limits& max);
/// Develops what the sensor saw, for a raw file without a preview: at half its size if that
/// suffices.
result<stored_image> develop_raw(const opened_file& file, wanted_size wanted, const limits& max);
/// What a raw file itself says of its origin; the preview in it may say more.
file_facts raw_facts(const opened_file& file, std::string_view media_type);
/// A Windows bitmap with any of its headers, depths, masks and run lengths. A fourth byte is alpha
/// only if the header says so.
result<stored_image> read_bmp(const opened_file& file, wanted_size wanted, const limits& max);
/// The largest picture of an icon or a cursor that can be read.
result<stored_image> read_icon(const opened_file& file, const limits& max);
/// A TGA file of version 1 or 2.
result<stored_image> read_tga(const opened_file& file, const limits& max);
/// The first picture of a file of Netpbm: P1 to P7.
result<stored_image> read_pnm(const opened_file& file, wanted_size wanted, const limits& max);
result<stored_image> read_qoi(const opened_file& file, wanted_size wanted, const limits& max);
/// The merged picture of a Photoshop file, PSB, too.
result<stored_image> read_psd(const opened_file& file, wanted_size wanted, const limits& max);
/// A still WebP file.
result<stored_image> read_webp(const opened_file& file, wanted_size wanted, const limits& max);

} // namespace mediad::media
