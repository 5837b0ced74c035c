#include "media/image/deep/deep_image.hpp"
#include "media/image/deep/jpeg2000.hpp"
#include "media/image/deep/jxl.hpp"
#include "media/image/deep/svg.hpp"

namespace mediad::media {
namespace {

result<stored_image> read(const job& work, const job_context& context, wanted_size wanted) {
  const auto& max = context.options.limits;
  if (work.media_type.starts_with("image/svg+xml"))
    return read_svg(context.input, wanted, max);
  if (work.media_type == "image/jxl")
    return read_jxl(context.input, max);
  if (work.media_type == "image/jp2" || work.media_type == "image/j2c")
    return read_jpeg2000(context.input, work.media_type, wanted, max);
  return read_deep_image(context.input, work.media_type, wanted, max);
}

} // namespace

result<job_result> run_deep_image(const job& work, const job_context& context) {
  if (work.kind != job_kind::image_preview && work.kind != job_kind::image_renditions)
    return fail(errc::bad_request,
                "no job of a deep_image worker: " + std::string{to_string(work.kind)});
  const bool is_preview = work.kind == job_kind::image_preview;
  const auto wanted = is_preview ? for_preview(context.options) : for_renditions(context.options);
  auto image = read(work, context, wanted);
  if (!image)
    return fail(image.error());
  if (is_preview)
    return image_preview(std::move(*image), context);
  auto done = image_renditions(std::move(*image), context);
  if (done && work.media_type == "image/tiff")
    if (auto written = write_tiff_pages(context, *done); !written)
      return fail(written.error());
  return done;
}

} // namespace mediad::media
