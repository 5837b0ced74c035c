// The load generator of bench/images: gives one file to warm workers, again and again, and says how
// long that took and how much memory all of its processes had.
//
//   image_load preview|ladder FILE MEDIA_TYPE PARALLEL COUNT FORMATS FOLDER
//   image_load early FILE MEDIA_TYPE MBIT_PER_SECOND COUNT - FOLDER
//
// The second tells one worker of the file's bytes as if they came at that rate, and says how long
// after the last one the preview was there: what the codec takes, without a server.

#include "base/log.hpp"
#include "media/job/json.hpp"
#include "media/job/routing.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <span>
#include <sstream>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include "bench/run_job.hpp"

using namespace mediad;

namespace {

using worker_ptr = decltype(actors::worker_process::start({}).value());

struct order {
  media::job work;
  std::filesystem::path input;
  unsigned parallel = 1;
  unsigned count = 1;
};

result<worker_ptr> start_worker(const order& asked) {
  actors::worker_command command;
  command.program = MEDIAD_CODEC_PROGRAM;
  command.kind = media::worker_for(asked.work.kind, asked.work.media_type);
  command.settings = media::encode(media::worker_settings{});
  auto worker = actors::worker_process::start(command);
  if (!worker)
    return fail(worker.error());
  if (const auto report = (*worker)->await_report(); !report)
    return fail(report.error());
  return worker;
}

// The memory of all processes below @p pid together, bytes: what several share counts once.
std::uint64_t memory_below(const std::string& pid) {
  std::uint64_t sum = 0;
  std::error_code ended; // a process may be gone again at any time
  for (const auto& thread : std::filesystem::directory_iterator{"/proc/" + pid + "/task", ended}) {
    std::ifstream children{thread.path() / "children"};
    for (std::string child; children >> child;) {
      std::ifstream rollup{"/proc/" + child + "/smaps_rollup"};
      for (std::string line; std::getline(rollup, line);)
        if (line.starts_with("Pss:"))
          sum += std::stoull(line.substr(4)) * 1024;
      sum += memory_below(child);
    }
  }
  return sum;
}

// @p left counts down over all threads. @returns the first failure.
result<> work_off(actors::worker_process& worker, const media::job& work,
                  const std::filesystem::path& input, std::atomic<int>& left) {
  actors::input_feed no_growth;
  while (left.fetch_sub(1) > 0)
    if (const auto done = run_job(worker, work, input, {[](double) {}, no_growth}); !done)
      return fail(done.error());
  return {};
}

result<> run_all(std::vector<worker_ptr>& workers, const order& asked, int jobs) {
  std::atomic<int> left{jobs};
  std::vector<result<>> ends(workers.size());
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < workers.size(); ++i)
    threads.emplace_back([&, i] {
      auto work = asked.work;
      work.output_dir += "/" + std::to_string(i);
      std::filesystem::create_directories(work.output_dir);
      ends[i] = work_off(*workers[i], work, asked.input, left);
    });
  for (auto& t : threads)
    t.join();
  for (auto& end : ends)
    if (!end)
      return end;
  return {};
}

result<std::pair<double, std::uint64_t>> measure(const order& asked) {
  std::vector<worker_ptr> workers;
  for (unsigned i = 0; i < asked.parallel; ++i) {
    auto worker = start_worker(asked);
    if (!worker)
      return fail(worker.error());
    workers.push_back(std::move(*worker));
  }
  if (auto warm = run_all(workers, asked, static_cast<int>(asked.parallel)); !warm)
    return fail(warm.error());
  const auto began = std::chrono::steady_clock::now();
  if (auto done = run_all(workers, asked, static_cast<int>(asked.count)); !done)
    return fail(done.error());
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  // After the time: looking at the processes takes some itself.
  std::atomic<bool> over{false};
  std::uint64_t peak = 0;
  std::thread watch{[&] {
    while (!over)
      peak = std::max(peak, memory_below(std::to_string(::getpid())));
  }};
  const auto again = run_all(workers, asked, static_cast<int>(asked.parallel) * 8);
  over = true;
  watch.join();
  if (!again)
    return fail(again.error());
  return std::pair{took.count(), peak};
}

// @returns milliseconds from the last byte to the preview.
result<double> preview_early(actors::worker_process& worker, const media::job& work,
                             const std::filesystem::path& input, double bytes_per_second) {
  using clock = std::chrono::steady_clock;
  actors::input_feed growth;
  growth.begin();
  const auto size = std::filesystem::file_size(input);
  constexpr std::uint64_t piece = 64U << 10U;
  clock::time_point whole_at;
  std::thread feed{[&] {
    const auto began = clock::now();
    for (std::uint64_t there = 0; there < size;) {
      there = std::min(size, there + piece);
      const std::chrono::duration<double> due{static_cast<double>(there) / bytes_per_second};
      std::this_thread::sleep_until(began + std::chrono::duration_cast<clock::duration>(due));
      whole_at = clock::now();
      static_cast<void>(growth.tell(there, there == size));
    }
  }};
  const auto done = run_job(worker, work, input, {[](double) {}, growth});
  const auto ended_at = clock::now();
  feed.join();
  if (!done)
    return fail(done.error());
  return std::chrono::duration<double, std::milli>{ended_at - whole_at}.count();
}

result<double> median_early(order asked, double bytes_per_second) {
  asked.work.kind = media::job_kind::early_preview;
  const auto worker = start_worker(asked);
  if (!worker)
    return fail(worker.error());
  std::filesystem::create_directories(asked.work.output_dir);
  std::vector<double> took;
  for (unsigned i = 0; i < asked.count; ++i) {
    const auto ms = preview_early(**worker, asked.work, asked.input, bytes_per_second);
    if (!ms)
      return fail(ms.error());
    took.push_back(*ms);
  }
  std::nth_element(took.begin(), took.begin() + asked.count / 2, took.end());
  return took[asked.count / 2];
}

} // namespace

int main(int argc, char** argv) {
  const std::span<char*> words{argv, static_cast<std::size_t>(argc)};
  if (words.size() != 8)
    return 2;
  order asked;
  const bool is_preview = std::string_view{words[1]} == "preview";
  asked.work.file_id = "bench";
  asked.work.kind = is_preview ? media::job_kind::image_preview : media::job_kind::image_renditions;
  asked.input = words[2];
  asked.work.media_type = words[3];
  asked.parallel = static_cast<unsigned>(std::stoul(words[4]));
  asked.count = static_cast<unsigned>(std::stoul(words[5]));
  asked.work.output_dir = words[7];
  if (std::string_view{words[1]} == "early") {
    const auto ms = median_early(asked, asked.parallel * 1e6 / 8);
    if (!ms)
      return log::error("bench", ms.error()), 1;
    std::printf("{\"ms\": %.3f}\n", *ms);
    return 0;
  }
  std::istringstream formats{words[6]};
  asked.work.parameters.image.formats.clear();
  for (std::string word; std::getline(formats, word, ',');)
    asked.work.parameters.image.formats.push_back(word);
  const auto seconds = measure(asked);
  if (!seconds) {
    log::error("bench", seconds.error());
    return 1;
  }
  std::printf("{\"seconds\": %.6f, \"peak_bytes\": %llu}\n", seconds->first,
              static_cast<unsigned long long>(seconds->second));
  return 0;
}
