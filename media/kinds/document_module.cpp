#include "media/job/module.hpp"
#include "media/kinds/pdf_rehearsal.hpp"

extern "C" const mediad::media::job_module* mediad_codec_jobs() {
  using namespace mediad::media;
  static constexpr job_module module{run_document, [](const job&) { return false; }, [] {}, nullptr,
                                     rehearse_page};
  return &module;
}
