// The archive of everything made, from a warm worker and from `zip -0` of the same files. Every
// round measures both, in changing order, with all input in the page cache and nothing left to be
// written; the table shows medians. Writes Markdown to standard output.

#include "base/log.hpp"
#include "base/process.hpp"
#include "media/job/json.hpp"
#include "media/job/routing.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <random>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "bench/run_job.hpp"

using namespace mediad;

namespace {

using clock_type = std::chrono::steady_clock;
using milliseconds = std::chrono::duration<double, std::milli>;

constexpr std::size_t kib = 1024;
constexpr std::size_t mib = 1024 * kib;
constexpr int rounds = 15;
constexpr double most = 0.5; ///< Ours divided by that of `zip -0`.

/// One line of the table.
struct comparison {
  std::string what;
  std::vector<std::size_t> sizes; ///< Bytes of the original, then of each file that was made of it.
  bool copied = true;             ///< All of it is copied into the archive, however large.
};

/// The files of one comparison, and the job that puts them into an archive.
struct scene {
  std::filesystem::path folder;
  media::job work;
  std::vector<std::string> zip; ///< The program and its arguments.
};

double median(std::vector<double> numbers) {
  std::sort(numbers.begin(), numbers.end());
  return numbers.at(numbers.size() / 2);
}

void write_noise(const std::filesystem::path& file, std::size_t bytes) {
  std::mt19937_64 source{bytes};
  std::vector<std::uint64_t> words(bytes / sizeof(std::uint64_t));
  std::generate(words.begin(), words.end(), std::ref(source));
  std::ofstream{file, std::ios::binary}.write(reinterpret_cast<const char*>(words.data()),
                                              static_cast<std::streamsize>(bytes));
}

scene make(const comparison& c, const std::filesystem::path& folder) {
  scene made{folder, {}, {"zip", "-0", "-q", "-X", "-j", (folder / "zip.zip").string()}};
  made.work.file_id = "bench";
  made.work.kind = media::job_kind::archive;
  made.work.output_dir = folder;
  made.work.media_type = "video/mp4";
  made.work.name = "original.mp4";
  made.work.sha256 = std::string(64, '0'); // known since the upload
  std::filesystem::create_directory(folder);
  for (std::size_t i = 0; i < c.sizes.size(); ++i) {
    const auto name = i == 0 ? made.work.name : "rendition-" + std::to_string(i) + ".mp4";
    write_noise(folder / name, c.sizes.at(i));
    made.zip.push_back((folder / name).string());
    made_file file;
    file.name = name;
    file.media_type = "video/mp4";
    file.bytes = c.sizes.at(i);
    file.sha256 = made.work.sha256;
    if (i > 0)
      made.work.members.push_back(file);
  }
  return made;
}

result<> run_program(const std::vector<std::string>& words) {
  const auto child = spawn_options{}.spawn(words);
  int state = 0;
  if (!child || ::waitpid(*child, &state, 0) < 0 || state != 0)
    return fail(errc::internal, words.front() + " failed");
  return {};
}

result<double> time_of(const std::function<result<>()>& work) {
  ::sync();
  const auto before = clock_type::now();
  if (auto done = work(); !done)
    return fail(done.error());
  return milliseconds{clock_type::now() - before}.count();
}

result<> measure(const comparison& c, const std::filesystem::path& folder) {
  auto files = make(c, folder);
  if (c.copied)
    files.work.parameters.archive.copy_below = std::uint64_t{1} << 40U;
  actors::worker_command command;
  command.program = MEDIAD_CODEC_PROGRAM;
  command.kind = media::worker_for(files.work.kind, files.work.media_type);
  command.settings = media::encode(media::worker_settings{});
  auto worker = actors::worker_process::start(command);
  if (!worker)
    return fail(worker.error());
  actors::input_feed no_growth;
  const std::array<std::function<result<>()>, 2> candidates{
    [&]() -> result<> {
      const auto made =
        run_job(**worker, files.work, folder / files.work.name, {[](double) {}, no_growth});
      return made ? result<>{} : result<>{fail(made.error())};
    },
    [&] {
      return run_program(files.zip);
    }};
  std::array<std::vector<double>, 2> times;
  for (int round = 0; round <= rounds; ++round)
    for (int turn = 0; turn < 2; ++turn) {
      const auto who = static_cast<std::size_t>((turn + round) % 2);
      std::filesystem::remove(folder / (who == 0 ? "archive.zip" : "zip.zip"));
      const auto took = time_of(candidates.at(who));
      if (!took)
        return fail(took.error());
      if (round > 0) // the first one warms the page cache
        times.at(who).push_back(*took);
    }
  if (c.copied) // else it is none before it is sent
    if (auto sound = run_program({"unzip", "-tqq", (folder / "archive.zip").string()}); !sound)
      return sound;
  const auto mine = median(times[0]);
  const auto peer = median(times[1]);
  std::printf("| %s | %.1f ms | %.1f ms | %.2f | ≤ %.1f | %s |\n", c.what.c_str(), mine, peer,
              mine / peer, most, mine / peer <= most ? "✓" : "✗");
  return {};
}

std::vector<comparison> comparisons() {
  const std::vector<std::size_t> film{200 * mib, 40 * mib, 2 * mib, 400 * kib, 100 * kib};
  return {{"200 MiB with 42.5 MiB made of it, served from its parts", film, false},
          {"the same, copied (`archive.copy_below` above it)", film, true},
          {"20 files of 1 MiB, copied", std::vector<std::size_t>(20, mib), true}};
}

} // namespace

int main(int argc, char** argv) {
  auto pattern =
    (std::filesystem::path{argc > 1 ? argv[1] : "/var/tmp"} / "archives-XXXXXX").string();
  if (argc > 2 || ::mkdtemp(pattern.data()) == nullptr) {
    std::fprintf(stderr, "usage: archives [folder with 800 MiB of room]\n");
    return 2;
  }
  std::puts(
    "| What | mediad | zip -0 | Ratio | Target | Met |\n| --- | --- | --- | --- | --- | --- |");
  int status = 0;
  for (const auto& c : comparisons()) {
    const auto folder = std::filesystem::path{pattern} / "files";
    if (const auto measured = measure(c, folder); !measured) {
      log::error("bench", measured.error());
      status = 1;
    }
    std::filesystem::remove_all(folder);
  }
  std::filesystem::remove_all(pattern);
  return status;
}
