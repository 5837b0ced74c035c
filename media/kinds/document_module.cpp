#include "media/document/warm_up.hpp"
#include "media/job/module.hpp"

extern "C" const mediad::media::job_module* mediad_codec_jobs() {
  using namespace mediad::media;
  static constexpr job_module module{run_document, [](const mediad::opened_file&) { return false; },
                                     [] {}, nullptr, warm_up_page};
  return &module;
}
