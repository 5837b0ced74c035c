#include "media/worker/jobs.hpp"

extern "C" mediad::media::job_function mediad_codec_jobs() {
  return mediad::media::run_document;
}
