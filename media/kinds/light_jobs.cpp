#include "media/archive/archive.hpp"
#include "media/identify/identify.hpp"
#include "media/image/animation.hpp"
#include "media/image/readers/apng.hpp"
#include "media/image/readers/readers.hpp"
#include "media/job/routing.hpp"
#include "media/kinds/early_preview.hpp"

namespace mediad::media {
namespace {

result<stored_image> read_raw(const job& work, const job_context& context, wanted_size wanted) {
  const auto& max = context.options.limits;
  auto image = read_raw_preview(context.input, work.media_type, wanted, max);
  if (!image && image.error().code == errc::unsupported_media)
    image = develop_raw(context.input, wanted, max);
  if (image) {
    auto found = raw_facts(context.input, work.media_type);
    found.fill_from(image->facts);
    image->facts = std::move(found);
  }
  return image;
}

result<stored_image> read_still(const job& work, const job_context& context, wanted_size wanted) {
  const auto& max = context.options.limits;
  if (work.media_type == "image/jpeg")
    return read_jpeg(context.input, wanted, max);
  if (work.media_type == "image/png")
    return read_png(context.input, wanted, max);
  if (work.media_type == "image/webp")
    return read_webp(context.input, wanted, max);
  if (work.media_type == "image/avif")
    return read_avif(context.input, max);
  if (work.media_type == "image/heic")
    return read_heic(context.input, wanted, max);
  if (work.media_type == "image/bmp")
    return read_bmp(context.input, wanted, max);
  if (work.media_type == "image/vnd.microsoft.icon")
    return read_icon(context.input, max);
  if (work.media_type == "image/x-tga")
    return read_tga(context.input, max);
  if (work.media_type.starts_with("image/x-portable-"))
    return read_pnm(context.input, wanted, max);
  if (work.media_type == "image/qoi")
    return read_qoi(context.input, wanted, max);
  if (work.media_type == "image/vnd.adobe.photoshop")
    return read_psd(context.input, wanted, max);
  if (worker_for(work.kind, work.media_type) == worker_kind::light)
    return read_raw(work, context, wanted);
  return fail(errc::bad_request, "the light worker does not read " + work.media_type);
}

// Null for what never moves, or does not.
result<std::unique_ptr<animation>> open_animation(const job& work, const job_context& context) {
  const auto& max = context.options.limits;
  if (work.media_type == "image/gif")
    return open_gif(context.input, max);
  if (work.media_type == "image/webp")
    return open_animated_webp(context.input, max);
  if (work.media_type == "image/png")
    return open_apng(context.input, max);
  return std::unique_ptr<animation>{};
}

result<stored_image> read(const job& work, const job_context& context, wanted_size wanted) {
  const auto moving = open_animation(work, context);
  if (!moving)
    return fail(moving.error());
  return *moving ? first_frame(**moving) : read_still(work, context, wanted);
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
  auto image = read(work, context, for_preview(context.options));
  if (!image)
    return fail(image.error());
  return image_preview(std::move(*image), context);
}

result<job_result> renditions(const job& work, const job_context& context) {
  auto image = read(work, context, for_renditions(context.options));
  if (!image)
    return fail(image.error());
  const bool is_known_incomplete = image->is_incomplete;
  auto done = image_renditions(std::move(*image), context);
  if (!done)
    return done;
  const auto moving = open_animation(work, context); // once more, from its first frame
  if (!moving)
    return fail(moving.error());
  if (!*moving || (*moving)->frames < 2)
    return done;
  if (auto written = write_animation(**moving, context, *done); !written)
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
  case job_kind::early_preview: return early_preview(context);
  default:
    return fail(errc::bad_request,
                "no job of a light worker: " + std::string{to_string(work.kind)});
  }
}

} // namespace mediad::media
