#include "media/audio/preview.hpp"
#include "media/audio/renditions.hpp"
#include "media/job/module.hpp"
#include "media/video/hls/stream.hpp"
#include "media/video/jobs.hpp"

namespace mediad::media {

result<job_result> run_av(const job& work, const job_context& context) {
  switch (work.kind) {
  case job_kind::video_preview: return video_preview(work, context);
  case job_kind::video_screenshots: return video_screenshots(work, context);
  case job_kind::video_compress: return video_compress(work, context);
  case job_kind::video_stream: return video_stream(work, context);
  case job_kind::audio_preview: return audio_preview(work, context);
  case job_kind::audio_renditions: return audio_renditions(work, context);
  default:
    return fail(errc::bad_request, "not for an av worker: " + std::string{to_string(work.kind)});
  }
}

} // namespace mediad::media
