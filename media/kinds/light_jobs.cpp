#include "media/archive/archive.hpp"
#include "media/identify/identify.hpp"
#include "media/image/animation.hpp"
#include "media/image/readers/apng.hpp"
#include "media/image/readers/readers.hpp"
#include "media/job/routing.hpp"
#include "media/kinds/early_preview.hpp"

namespace mediad::media {
namespace {

result<stored_image> read_raw(const job& work, wanted_size wanted, const limits& max) {
  auto preview = read_raw_preview(work.input, work.media_type, wanted, max);
  if (preview || preview.error().code != errc::unsupported_media)
    return preview;
  return develop_raw(work.input, wanted, max);
}

result<stored_image> read_still(const job& work, wanted_size wanted, const limits& max) {
  if (work.media_type == "image/jpeg")
    return read_jpeg(work.input, wanted, max);
  if (work.media_type == "image/png")
    return read_png(work.input, wanted, max);
  if (work.media_type == "image/webp")
    return read_webp(work.input, wanted, max);
  if (work.media_type == "image/avif")
    return read_avif(work.input, max);
  if (work.media_type == "image/heic")
    return read_heic(work.input, wanted, max);
  if (work.media_type == "image/bmp")
    return read_bmp(work.input, wanted, max);
  if (work.media_type == "image/vnd.microsoft.icon")
    return read_icon(work.input, max);
  if (work.media_type == "image/x-tga")
    return read_tga(work.input, max);
  if (work.media_type.starts_with("image/x-portable-"))
    return read_pnm(work.input, wanted, max);
  if (work.media_type == "image/qoi")
    return read_qoi(work.input, wanted, max);
  if (work.media_type == "image/vnd.adobe.photoshop")
    return read_psd(work.input, wanted, max);
  if (worker_for(work.kind, work.media_type) == worker_kind::light)
    return read_raw(work, wanted, max);
  return fail(errc::bad_request, "the light worker does not read " + work.media_type);
}

// Null for what never moves, or does not.
result<std::unique_ptr<animation>> open_animation(const job& work, const limits& max) {
  if (work.media_type == "image/gif")
    return open_gif(work.input, max);
  if (work.media_type == "image/webp")
    return open_animated_webp(work.input, max);
  if (work.media_type == "image/png")
    return open_apng(work.input, max);
  return std::unique_ptr<animation>{};
}

result<stored_image> read(const job& work, wanted_size wanted, const limits& max) {
  const auto moving = open_animation(work, max);
  if (!moving)
    return fail(moving.error());
  return *moving ? first_frame(**moving) : read_still(work, wanted, max);
}

result<job_result> identification(const job_context& context) {
  auto found = identify(context.input);
  if (!found)
    return fail(found.error());
  job_result done;
  done.profile = found->profile;
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
  const auto& max = context.options.limits;
  auto image = read(work, for_renditions(context.options), max);
  if (!image)
    return fail(image.error());
  const bool is_known_incomplete = image->is_incomplete;
  auto done = image_renditions(std::move(*image), work, context);
  if (!done)
    return done;
  const auto moving = open_animation(work, max); // once more, from its first frame
  if (!moving)
    return fail(moving.error());
  if (!*moving || (*moving)->frames < 2)
    return done;
  if (auto written = write_animation(**moving, work, context, *done); !written)
    return fail(written.error());
  if ((*moving)->is_incomplete && !is_known_incomplete) {
    facts found{std::move(done->media)};
    found.add("damage", incomplete_media);
    done->media = std::move(found).text();
  }
  return done;
}

} // namespace

result<job_result> run_light(const job& work, const job_context& context) {
  switch (work.kind) {
  case job_kind::identify: return identification(context);
  case job_kind::image_preview: return preview(work, context);
  case job_kind::image_renditions: return renditions(work, context);
  case job_kind::archive: return write_archive(work, context);
  case job_kind::early_preview: return early_preview(work, context);
  default:
    return fail(errc::bad_request,
                "no job of a light worker: " + std::string{to_string(work.kind)});
  }
}

} // namespace mediad::media
