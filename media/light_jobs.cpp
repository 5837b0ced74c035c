#include "media/archive.hpp"
#include "media/identify.hpp"
#include "media/image_light.hpp"

namespace mediad::media {
namespace {

result<stored_image> read(const job& work, wanted_size wanted, const limits& max) {
  if (work.media_type == "image/jpeg")
    return read_jpeg(work.input, wanted, max);
  if (work.media_type == "image/png")
    return read_png(work.input, max);
  if (work.media_type == "image/webp")
    return read_webp(work.input, wanted, max);
  return fail(errc::bad_request, "the light worker does not read " + work.media_type);
}

result<job_result> identification(const job& work) {
  auto found = identify(work.input);
  if (!found)
    return fail(found.error());
  job_result done;
  done.kind = found->kind;
  done.media_type = std::move(found->media_type);
  return done;
}

result<job_result> preview(const job& work, const job_context& context) {
  auto image = read(work, for_preview(context.options), context.options.limits);
  if (!image)
    return fail(image.error());
  return image_preview(std::move(*image), work, context);
}

result<job_result> renditions(const job& work, const job_context& context) {
  auto image = read(work, for_renditions(context.options), context.options.limits);
  if (!image)
    return fail(image.error());
  return image_renditions(std::move(*image), work, context);
}

} // namespace

result<job_result> run_light(const job& work, const job_context& context) {
  switch (work.kind) {
  case job_kind::identify: return identification(work);
  case job_kind::image_preview: return preview(work, context);
  case job_kind::image_renditions: return renditions(work, context);
  case job_kind::archive: return write_archive(work, context);
  default:
    return fail(errc::bad_request,
                "no job of a light worker: " + std::string{to_string(work.kind)});
  }
}

} // namespace mediad::media
