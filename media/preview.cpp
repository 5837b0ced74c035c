#include "media/preview.hpp"

#include "media/encode.hpp"
#include "media/resize.hpp"
#include "media/thumbhash.hpp"

namespace mediad::media {
namespace {

// A preview has few pixels: the slower, smaller method costs some milliseconds and saves the
// client a fifth of the bytes.
constexpr int preview_webp_method = 4;

} // namespace

result<job_result> write_preview(const picture& shown, const job& work,
                                 const job_context& context) {
  const auto& options = context.options.preview;
  const auto small = resize(shown, fit_box({shown.width, shown.height}, options.box));
  if (!small)
    return fail(small.error());
  auto file = write_webp(*small, std::filesystem::path{work.output_dir} / "preview.webp",
                         options.webp_quality, preview_webp_method);
  if (!file)
    return fail(file.error());
  job_result done;
  done.thumbhash = thumbhash_base64(*small);
  done.files.push_back(std::move(*file));
  return done;
}

} // namespace mediad::media
