// What a job costs besides its own work, by kind of worker: opening its input, handing it over, a
// process of its own, entering the sandbox, the answer. Each job asks for what its worker refuses
// to do, so that nothing else is measured.

#include "actors/worker_process.hpp"
#include "base/log.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <vector>

using namespace mediad;

namespace {

using clock_type = std::chrono::steady_clock;
using milliseconds = std::chrono::duration<double, std::milli>;

constexpr int warm_up_jobs = 20;
constexpr int jobs = 500;

media::job foreign_job(media::worker_kind kind, const std::filesystem::path& folder) {
  media::job work;
  work.file_id = "bench";
  work.kind =
    kind == media::worker_kind::light ? media::job_kind::video_compress : media::job_kind::identify;
  work.input = folder / "input";
  work.output_dir = folder;
  return work;
}

result<> measure(media::worker_kind kind, const std::filesystem::path& folder) {
  actors::worker_command command;
  command.program = MEDIAD_CODEC_PROGRAM;
  command.kind = kind;
  command.settings = media::encode(media::settings{});
  const auto began = clock_type::now();
  auto worker = actors::worker_process::start(command);
  if (!worker)
    return fail(worker.error());
  const auto sandbox = (*worker)->await_report();
  if (!sandbox)
    return fail(sandbox.error());
  const milliseconds start = clock_type::now() - began;
  const auto work = foreign_job(kind, folder);
  actors::input_feed no_growth;
  std::vector<double> times;
  for (int i = 0; i < warm_up_jobs + jobs; ++i) {
    const auto before = clock_type::now();
    const auto refusal = (*worker)->run(
      work, [](double) {}, no_growth);
    if (refusal)
      return fail(errc::internal, "the job was done");
    if (refusal.error().code == errc::worker_died || refusal.error().code == errc::internal)
      return fail(refusal.error());
    if (i >= warm_up_jobs)
      times.push_back(milliseconds{clock_type::now() - before}.count());
  }
  std::sort(times.begin(), times.end());
  const auto mean = std::accumulate(times.begin(), times.end(), 0.0) / jobs;
  std::printf("%-10s start %6.1f ms   job: median %5.2f  mean %5.2f  p95 %5.2f ms   (%s)\n",
              std::string{media::to_string(kind)}.c_str(), start.count(), times[jobs / 2], mean,
              times[jobs * 95 / 100], media::describe_parts(*sandbox).c_str());
  return {};
}

} // namespace

int main() {
  auto pattern = (std::filesystem::temp_directory_path() / "worker-handover-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr)
    return 1;
  const std::filesystem::path folder{pattern};
  std::ofstream{folder / "input"} << "x";
  int status = 0;
  for (const auto kind : {media::worker_kind::light, media::worker_kind::deep_image,
                          media::worker_kind::av, media::worker_kind::document})
    if (const auto measured = measure(kind, folder); !measured) {
      log::error("bench", measured.error());
      status = 1;
    }
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  return status;
}
