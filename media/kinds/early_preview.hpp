#pragma once

#include "base/error.hpp"
#include "media/job/module.hpp"

namespace mediad::media {

/// Makes the preview of a JPEG or a HEIC file while its bytes arrive, the very one that identify
/// and image_preview would make of it later: it is done as soon as the picture's last byte is
/// there, be that the whole picture or the thumbnail beside it.
/// @returns what both would return, in one; errc::unsupported_media, as soon as that is clear, for
///          a file that has to be there before its preview can be made.
result<job_result> early_preview(const job_context& context);

} // namespace mediad::media
