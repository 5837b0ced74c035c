#include "media/job/module.hpp"

extern "C" const mediad::media::job_module* mediad_codec_jobs() {
  using namespace mediad::media;
  static constexpr job_module module{run_deep_image,
                                     [](const mediad::opened_file&) { return false; },
                                     [] {
                                     }};
  return &module;
}
