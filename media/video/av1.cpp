#include "media/video/av1.hpp"

#include "media/video/pass.hpp"
#include "media/video/source.hpp"

#include <algorithm>
#include <cstdlib>

namespace mediad::media {
namespace {

// The sizes that SVT-AV1 takes.
constexpr std::uint32_t min_side = 64;
constexpr std::uint32_t max_width = 16'384;
constexpr std::uint32_t max_height = 8'704;

bool is_fit(extent size) {
  return std::min(size.width, size.height) >= min_side && size.width <= max_width
         && size.height <= max_height;
}

} // namespace

result<> add_av1(const job& work, const job_context& context, job_result& done) {
  // SVT-AV1 logs to standard error, even what a sandbox refuses it: only errors are wanted. This
  // job has no other thread here, so that the environment may be changed (setenv(3)).
  ::setenv("SVT_LOG", "1", 0);
  auto source = open_video(work, context);
  if (!source)
    return fail(source.error());
  video_pass running{
    source->file, source->shape, {video_codec::av1, context.options.video.av1_crf}, context};
  if (!is_fit(running.size()))
    return {};
  made_file made;
  made.name = av1_output_name;
  made.media_type = "video/webm";
  made.width = running.size().width;
  made.height = running.size().height;
  if (auto ok = running.open(context.output / made.name, 0); !ok)
    return ok;
  if (auto ok = running.run(); !ok)
    return ok;
  done.files.push_back(std::move(made));
  return {};
}

} // namespace mediad::media
