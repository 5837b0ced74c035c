#include "media/image/readers/readers.hpp"
#include "media/job/module.hpp"

extern "C" const mediad::media::job_module* mediad_codec_jobs() {
  using namespace mediad::media;
  static constexpr job_module module{run_light, [](const mediad::opened_file&) { return false; },
                                     load_heic_decoders};
  return &module;
}
