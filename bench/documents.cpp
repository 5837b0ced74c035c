// The first page of a document, from a warm worker and from the tool one would use instead: a PDF
// beside pdftoppm, an office document beside soffice --convert-to. Every round measures both, in
// changing order; the table shows medians. Writes Markdown to standard output.

#include "base/log.hpp"
#include "base/process.hpp"
#include "media/job/json.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "bench/run_job.hpp"

using namespace mediad;

namespace {

using clock_type = std::chrono::steady_clock;
using milliseconds = std::chrono::duration<double, std::milli>;

/// One line of the table.
struct comparison {
  std::string what;
  std::filesystem::path input;
  std::string media_type;
  media::worker_kind kind;
  std::vector<std::string> peer;      ///< The program and its arguments.
  std::chrono::milliseconds pause{0}; ///< Before each of ours: the next worker gets ready.
  int rounds = 1;
  double most = 1; ///< Ours divided by the peer's is to be at most this.
};

double median(std::vector<double> numbers) {
  std::sort(numbers.begin(), numbers.end());
  return numbers.at(numbers.size() / 2);
}

result<double> time_of(const std::function<result<>()>& work) {
  const auto before = clock_type::now();
  if (auto done = work(); !done)
    return fail(done.error());
  return milliseconds{clock_type::now() - before}.count();
}

result<> run_peer(const std::vector<std::string>& words) {
  spawn_options options;
  for (const int output : {STDOUT_FILENO, STDERR_FILENO})
    options.open(output, "/dev/null", O_WRONLY);
  const auto child = options.spawn(words);
  int state = 0;
  if (!child || ::waitpid(*child, &state, 0) < 0 || state != 0)
    return fail(errc::internal, words.front() + " failed");
  return {};
}

result<> measure(const comparison& c, const std::filesystem::path& folder) {
  actors::worker_command command;
  command.program = MEDIAD_CODEC_PROGRAM;
  command.kind = c.kind;
  command.settings = media::encode(media::settings{});
  auto worker = actors::worker_process::start(command);
  if (!worker)
    return fail(worker.error());
  media::job work;
  work.file_id = "bench";
  work.kind = media::job_kind::document_preview;
  work.output_dir = folder;
  work.media_type = c.media_type;
  actors::input_feed no_growth;
  const auto ours = [&]() -> result<> {
    const auto made = run_job(**worker, work, c.input, {[](double) {}, no_growth});
    return made ? result<>{} : result<>{fail(made.error())};
  };
  const auto theirs = [&]() -> result<> {
    std::error_code ignored; // a cold start has no profile
    std::filesystem::remove_all(folder / "profile", ignored);
    return run_peer(c.peer);
  };
  std::array<std::vector<double>, 2> times;
  for (int round = 0; round <= c.rounds; ++round)
    for (int turn = 0; turn < 2; ++turn) {
      const auto who = static_cast<std::size_t>((turn + round) % 2);
      if (who == 0)
        std::this_thread::sleep_for(c.pause);
      const auto took = time_of(who == 0 ? std::function<result<>()>{ours} : theirs);
      if (!took)
        return fail(took.error());
      if (round > 0) // the first one warms the disk's cache
        times.at(who).push_back(*took);
    }
  const auto mine = median(times[0]);
  const auto peer = median(times[1]);
  std::printf("| %s | %.1f ms | %.1f ms | %.2f | ≤ %.1f | %s |\n", c.what.c_str(), mine, peer,
              mine / peer, c.most, mine / peer <= c.most ? "✓" : "✗");
  return {};
}

std::vector<comparison> comparisons(const std::filesystem::path& data,
                                    const std::filesystem::path& out) {
  using namespace std::chrono_literals;
  const auto office = [&](const std::string& what, const std::string& file,
                          const std::string& type) {
    return comparison{what + ", against cold soffice --convert-to pdf",
                      data / file,
                      "application/vnd.openxmlformats-officedocument." + type,
                      media::worker_kind::office,
                      {"soffice", "-env:UserInstallation=file://" + (out / "profile").string(),
                       "--headless", "--norestore", "--nologo", "--convert-to", "pdf", "--outdir",
                       out.string(), (data / file).string()},
                      3s,
                      7,
                      0.3};
  };
  return {{"First page of a PDF, against pdftoppm",
           data / "report.pdf",
           "application/pdf",
           media::worker_kind::document,
           {"pdftoppm", "-f", "1", "-l", "1", "-scale-to", "320", "-png",
            (data / "report.pdf").string(), (out / "page").string()},
           60ms,
           101,
           0.5},
          office("Preview of a .docx", "letter.docx", "wordprocessingml.document"),
          office("Preview of an .xlsx", "sheet.xlsx", "spreadsheetml.sheet"),
          office("Preview of a .pptx", "slides.pptx", "presentationml.presentation")};
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: documents <folder that tests/data/make.sh has filled>\n");
    return 2;
  }
  auto pattern = (std::filesystem::temp_directory_path() / "documents-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr)
    return 1;
  const std::filesystem::path folder{pattern};
  std::puts(
    "| What | mediad | Other | Ratio | Target | Met |\n| --- | --- | --- | --- | --- | --- |");
  int status = 0;
  for (const auto& c : comparisons(std::filesystem::absolute(argv[1]), folder))
    if (const auto measured = measure(c, folder); !measured) {
      log::error("bench", measured.error());
      status = 1;
    }
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  return status;
}
