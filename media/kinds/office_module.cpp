#include "media/document/office/warm.hpp"
#include "media/job/module.hpp"

extern "C" const mediad::media::job_module* mediad_codec_jobs() {
  using namespace mediad::media;
  static constexpr job_companion companion{
    [](const worker_settings& options) { return options.office.warm > 0; }, office::exec_office,
    office::await_office};
  static constexpr job_module module{
    run_document, [](const mediad::opened_file& input) { return !office::is_ready_for(input); },
    [] {}, &companion};
  return &module;
}
