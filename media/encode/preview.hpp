#pragma once

#include "base/error.hpp"
#include "media/job/module.hpp"
#include "media/picture/picture.hpp"

namespace mediad::media {

/// The method for previews, which a person waits for: method 4 takes twice as long and saves 3 % of
/// the bytes, method 1 makes them 10 % more.
inline constexpr int preview_webp_method = 2;

/// Writes `preview.webp`, which fits into the box of the settings and is never enlarged, into
/// job::output_dir. The way every profile makes its preview: give it the picture, the poster, the
/// waveform or the first page, upright and in sRGB.
/// @param is_plain see encode_webp_to_suit().
/// @returns a job_result with that one file and the ThumbHash; the caller adds `media`.
result<job_result> write_preview(const picture& shown, const job_context& context,
                                 bool is_plain = false);

} // namespace mediad::media
