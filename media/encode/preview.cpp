#include "media/encode/preview.hpp"

#include "media/encode/encode.hpp"
#include "media/picture/resize.hpp"
#include "media/picture/thumbhash.hpp"

#include <future>

namespace mediad::media {

result<job_result> write_preview(const picture& shown, const job_context& context, bool is_plain) {
  const auto& options = context.options.preview;
  const auto small = resize(shown, fit_box({shown.width, shown.height}, options.box));
  if (!small)
    return fail(small.error());
  // The hash is made while the encoder runs, which takes five times as long; if no thread can be
  // started, after it.
  auto hash = std::async(std::launch::async | std::launch::deferred,
                         [&] { return thumbhash_base64(*small); });
  auto file =
    write_encoded(encode_webp_to_suit(*small, options.webp_quality, preview_webp_method, is_plain),
                  {small->width, small->height}, context.output / "preview.webp", "image/webp");
  if (!file)
    return fail(file.error());
  job_result done;
  done.thumbhash = hash.get();
  done.files.push_back(std::move(*file));
  return done;
}

} // namespace mediad::media
