#include "media/job/module.hpp"
#include "media/video/warm_up.hpp"

extern "C" const mediad::media::job_module* mediad_codec_jobs() {
  using namespace mediad::media;
  static constexpr job_module module{run_av, [](const mediad::opened_file&) { return false; },
                                     [] {}, nullptr, warm_up_video_preview};
  return &module;
}
