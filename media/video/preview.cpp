#include "media/audio/preview.hpp"

#include "media/av/facts.hpp"
#include "media/av/frame_picture.hpp"
#include "media/encode/encode.hpp"
#include "media/encode/preview.hpp"
#include "media/facts/file_facts.hpp"
#include "media/picture/resize.hpp"
#include "media/video/jobs.hpp"
#include "media/video/motion.hpp"
#include "media/video/source.hpp"
#include "media/video/sprite.hpp"
#include "media/video/stills.hpp"

#include <string>

namespace mediad::media {
namespace {

constexpr std::uint32_t longest_screenshot_side = 1'920;
// A part of the distance between two stills: a keyframe nearer than that replaces the exact frame.
constexpr double near_share = 0.1;

result<job_result> sound_preview(const job& work, const job_context& context) {
  auto done = audio_preview(work, context);
  if (done)
    done->profile = profile::audio;
  return done;
}

result<> add_screenshot(const AVFrame& frame, const av::video_shape& shape,
                        const folder_entry& file, const job_context& context, job_result& done) {
  const auto shot = av::to_picture(frame, shape, fit_box(shape.shown, longest_screenshot_side));
  if (!shot)
    return fail(shot.error());
  auto made = write_jpeg(*shot, file, context.options.image.jpeg_quality);
  if (!made)
    return fail(made.error());
  done.files.push_back(std::move(*made));
  return {};
}

result<> add_stills(av::input& file, const av::video_shape& shape, const job_context& context,
                    job_result& done) {
  const auto count = context.options.video.stills;
  if (count == 0)
    return {};
  auto reader =
    still_reader::open(file, *file.video(), static_cast<int>(context.options.video.threads));
  if (!reader)
    return fail(reader.error());
  // The sound may go on for longer.
  const double length = file.length_s(*file.video());
  const double spacing = length / count;
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto frame = reader->at(spacing * (i + 0.5), spacing * near_share);
    if (!frame)
      return fail(frame.error());
    const auto name = "still-" + std::to_string(i + 1) + ".jpg";
    const auto path = context.output / name;
    if (auto ok = add_screenshot(**frame, shape, path, context, done); !ok)
      return ok;
    context.progress((i + 2.0) / (count + 1.0));
  }
  return {};
}

} // namespace

result<job_result> video_preview(const job& work, const job_context& context) {
  const auto& options = context.options;
  auto file = av::input::open(context.input, work.media_type, options.limits, av::analysis::header);
  if (!file)
    return fail(file.error());
  if (file->video() == nullptr)
    return sound_preview(work, context);
  const auto shape = av::shape_of(*file, *file->video(), options.limits);
  if (!shape)
    return fail(shape.error());
  const auto frame = representative_frame(*file, *file->video());
  if (!frame)
    return fail(frame.error());
  const auto shown = av::to_picture(**frame, *shape, fit_box(shape->shown, options.preview.box));
  if (!shown)
    return fail(shown.error());
  auto done = write_preview(*shown, context);
  if (!done)
    return done;
  facts found{av::video_facts(*file, *file->video(), *shape)};
  add_file_facts(found, av::origin_of(*file), options.facts);
  done->media = std::move(found).text();
  return done;
}

result<job_result> video_screenshots(const job& work, const job_context& context) {
  auto source = open_video(work, context);
  if (!source)
    return fail(source.error());
  auto& [file, shape] = *source;
  const auto frame = representative_frame(file, *file.video());
  if (!frame)
    return fail(frame.error());
  job_result done;
  const auto poster = context.output / "poster.jpg";
  if (auto ok = add_screenshot(**frame, shape, poster, context, done); !ok)
    return fail(ok.error());
  if (auto ok = add_stills(file, shape, context, done); !ok)
    return fail(ok.error());
  if (auto ok = add_motion(file, shape, context, done); !ok)
    return fail(ok.error());
  if (auto ok = add_sprite(file, shape, work, context, done); !ok)
    return fail(ok.error());
  return done;
}

} // namespace mediad::media
