#pragma once

#include "actors/codec/process.hpp"

#include <fcntl.h>
#include <filesystem>

namespace mediad {

/// Opens the input and has the worker do the job on it, as the keeper of a worker does.
inline result<media::job_result> run_job(actors::worker_process& worker, const media::job& work,
                                         const std::filesystem::path& input,
                                         const actors::job_callbacks& callbacks) {
  const auto file = open_file(input, O_RDONLY);
  return file ? worker.run(work, file->get(), callbacks) : fail(file.error());
}

} // namespace mediad
