#include "media/job/module.hpp"
#include "media/kinds/av_rehearsal.hpp"

extern "C" const mediad::media::job_module* mediad_codec_jobs() {
  using namespace mediad::media;
  static constexpr job_module module{run_av, [](const job&) { return false; }, [] {}, nullptr,
                                     rehearse_preview};
  return &module;
}
