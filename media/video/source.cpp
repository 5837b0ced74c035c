#include "media/video/source.hpp"

#include <utility>

namespace mediad::media {

result<av::input> open_pictures(const job& work, const job_context& context) {
  auto file =
    av::input::open(context.input, work.media_type, context.options.limits, av::analysis::full);
  if (file && file->video() == nullptr)
    return fail(errc::unsupported_media, "no video stream that can be decoded");
  return file;
}

result<video_source> with_shape(av::input file, const limits& max) {
  const auto shape = av::shape_of(file, *file.video(), max);
  if (!shape)
    return fail(shape.error());
  return video_source{std::move(file), *shape};
}

result<video_source> open_video(const job& work, const job_context& context) {
  auto file = open_pictures(work, context);
  if (!file)
    return fail(file.error());
  return with_shape(std::move(*file), context.options.limits);
}

} // namespace mediad::media
