// What a job costs besides its own work, by kind of worker: opening its input, handing it over, a
// process of its own, entering the sandbox, the answer. Each job asks for what its worker refuses
// to do, so that nothing else is measured. A worker gets the next process ready while a job runs:
// after a pause it is, without one the next job waits for it, too. And how soon the next job of a
// worker is answered whose job is ended by force.

#include "base/log.hpp"
#include "media/job/json.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <thread>
#include <vector>

#include "bench/run_job.hpp"

using namespace mediad;

namespace {

using clock_type = std::chrono::steady_clock;
using milliseconds = std::chrono::duration<double, std::milli>;

constexpr int warm_up_jobs = 20;
constexpr int jobs = 200;
constexpr std::chrono::milliseconds pause{25};
constexpr std::size_t ends = 100;

media::job foreign_job(media::worker_kind kind, const std::filesystem::path& folder) {
  media::job work;
  work.file_id = "bench";
  work.kind =
    kind == media::worker_kind::light ? media::job_kind::video_compress : media::job_kind::identify;
  work.output_dir = folder;
  return work;
}

result<std::unique_ptr<actors::worker_process>> start(media::worker_kind kind) {
  actors::worker_command command;
  command.program = MEDIAD_CODEC_PROGRAM;
  command.kind = kind;
  command.settings = media::encode(media::settings{});
  auto worker = actors::worker_process::start(command);
  if (worker)
    if (const auto ready = (*worker)->await_report(); !ready)
      return fail(ready.error());
  return worker;
}

struct times {
  std::vector<double> sorted;

  explicit times(std::vector<double> all) : sorted{std::move(all)} {
    std::sort(sorted.begin(), sorted.end());
  }
  double median() const {
    return sorted[sorted.size() / 2];
  }
  double mean() const {
    return std::accumulate(sorted.begin(), sorted.end(), 0.0) / static_cast<double>(sorted.size());
  }
  double p95() const {
    return sorted[sorted.size() * 95 / 100];
  }
};

/// @returns what its worker says of a job that it refuses.
result<> refused(const result<media::job_result>& answer) {
  if (answer)
    return fail(errc::internal, "the job was done");
  if (answer.error().code == errc::worker_died || answer.error().code == errc::internal)
    return fail(answer.error());
  return {};
}

result<times> hand_over(actors::worker_process& worker, const media::job& work,
                        const std::filesystem::path& input, std::chrono::milliseconds before_each) {
  actors::input_feed no_growth;
  std::vector<double> all;
  for (int i = 0; i < warm_up_jobs + jobs; ++i) {
    std::this_thread::sleep_for(before_each);
    const auto before = clock_type::now();
    const auto answer = run_job(worker, work, input, {[](double) {}, no_growth});
    if (const auto as_expected = refused(answer); !as_expected)
      return fail(as_expected.error());
    if (i >= warm_up_jobs)
      all.push_back(milliseconds{clock_type::now() - before}.count());
  }
  return times{std::move(all)};
}

// Times from the order to end a job to the answer of the next one, by the same worker.
result<times> end_and_go_on(actors::worker_process& worker, const media::job& work,
                            const std::filesystem::path& input) {
  actors::input_feed no_growth;
  std::vector<double> all;
  while (all.size() < ends) {
    auto ordered = clock_type::now();
    const auto ended = run_job(worker, work, input,
                               {[](double) {}, no_growth,
                                [&] {
                                  ordered = clock_type::now();
                                  return true;
                                }});
    if (!ended && ended.error().code != errc::worker_died)
      continue; // it has answered before it was ended
    if (const auto next = refused(run_job(worker, work, input, {[](double) {}, no_growth})); !next)
      return fail(next.error());
    all.push_back(milliseconds{clock_type::now() - ordered}.count());
  }
  return times{std::move(all)};
}

result<> measure(media::worker_kind kind, const std::filesystem::path& folder) {
  const auto began = clock_type::now();
  const auto worker = start(kind);
  if (!worker)
    return fail(worker.error());
  const milliseconds started = clock_type::now() - began;
  const auto sandbox = (*worker)->await_report();
  const auto work = foreign_job(kind, folder);
  const auto apart = hand_over(**worker, work, folder / "input", pause);
  if (!apart)
    return fail(apart.error());
  const auto in_a_row = hand_over(**worker, work, folder / "input", {});
  if (!in_a_row)
    return fail(in_a_row.error());
  const auto ended = end_and_go_on(**worker, work, folder / "input");
  if (!ended)
    return fail(ended.error());
  std::printf("%-10s start %5.0f ms   a job: mean %5.2f  p95 %5.2f ms   in a row: mean %5.2f ms   "
              "ended, and the next: median %5.2f  p95 %5.2f ms   (%s)\n",
              std::string{media::to_string(kind)}.c_str(), started.count(), apart->mean(),
              apart->p95(), in_a_row->mean(), ended->median(), ended->p95(),
              media::describe_parts(*sandbox).c_str());
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
