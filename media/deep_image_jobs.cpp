#include "media/deep_image.hpp"

namespace mediad::media {

result<job_result> run_deep_image(const job& work, const job_context& context) {
  if (work.kind != job_kind::image_preview && work.kind != job_kind::image_renditions)
    return fail(errc::bad_request,
                "no job of a deep_image worker: " + std::string{to_string(work.kind)});
  auto image = read_deep_image(work.input, work.media_type, context.options.limits);
  if (!image)
    return fail(image.error());
  return work.kind == job_kind::image_preview ? image_preview(std::move(*image), work, context)
                                              : image_renditions(std::move(*image), work, context);
}

} // namespace mediad::media
