// Times mediad's video jobs, in a warm worker and its sandbox, against the ffmpeg program, in
// turns, and prints a table. Started by bench/video.
#include "base/log.hpp"
#include "media/job/json.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "bench/run_job.hpp"

namespace {

using namespace mediad;
using media::job_kind;

struct workplace {
  std::filesystem::path folder;

  std::filesystem::path output() const {
    return folder / "out";
  }
};

double seconds_of(const std::function<bool()>& work, const std::string& what) {
  const auto begin = std::chrono::steady_clock::now();
  if (!work()) {
    std::fprintf(stderr, "failed: %s\n", what.c_str());
    std::exit(1);
  }
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

class worker {
public:
  explicit worker(const media::settings& options) : parameters_{options} {
    actors::worker_command command;
    command.program = MEDIAD_CODEC_PROGRAM;
    command.kind = media::worker_kind::av;
    command.settings = media::encode(options);
    auto started = actors::worker_process::start(command);
    if (!started) {
      log::error("bench", started.error());
      std::exit(1);
    }
    process_ = std::move(*started);
  }

  bool run(const workplace& at, job_kind kind, const std::string& input) {
    media::job work;
    work.file_id = "bench";
    work.kind = kind;
    work.output_dir = at.output();
    work.media_type = "video/mp4";
    work.parameters = parameters_;
    actors::input_feed no_growth;
    const auto done = run_job(*process_, work, at.folder / input, {[](double) {}, no_growth});
    if (!done)
      log::error("bench", done.error());
    return static_cast<bool>(done);
  }

private:
  media::parameters parameters_;
  std::unique_ptr<actors::worker_process> process_;
};

double median(std::vector<double> all) {
  std::sort(all.begin(), all.end());
  return all[all.size() / 2];
}

struct comparison {
  std::string what;
  job_kind kind;
  std::string input;
  std::string command; ///< Arguments of ffmpeg.
  double most;         ///< Largest ratio that is good enough.
  std::function<void(media::settings&)> set;
  int more = 1; ///< Times as many rounds, for what is short.
};

void clear(const std::filesystem::path& folder) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator{folder, ignored})
    std::filesystem::remove_all(entry.path(), ignored);
}

void measure(const workplace& at, const comparison& c, int rounds) {
  media::settings options;
  c.set(options);
  worker ours{options};
  const auto command =
    "cd '" + at.output().string() + "' && exec ffmpeg -nostdin -v error -y " + c.command;
  std::array<std::vector<double>, 2> times;
  for (int round = 0; round <= rounds * c.more; ++round)
    for (int turn = 0; turn < 2; ++turn) {
      const auto who = static_cast<std::size_t>((turn + round) % 2);
      // Both write into an empty folder: replacing a large file costs as much as writing it.
      clear(at.output());
      // Between two jobs the next one's process is made ready, as between two uploads.
      std::this_thread::sleep_for(std::chrono::milliseconds{5});
      const auto took = who == 0
                          ? seconds_of([&] { return ours.run(at, c.kind, c.input); }, c.what)
                          : seconds_of([&] { return std::system(command.c_str()) == 0; }, command);
      if (round > 0) // the first one warms the disk's cache
        times.at(who).push_back(took);
    }
  const double mine = median(times[0]);
  const double peer = median(times[1]);
  std::printf("| %s | %.1f ms | %.1f ms | %.2f | ≤ %.2f | %s |\n", c.what.c_str(), 1000 * mine,
              1000 * peer, mine / peer, c.most, mine / peer <= c.most ? "✓" : "✗");
  std::fflush(stdout);
}

const std::string encoder =
  "-c:v libx264 -preset veryfast -crf 23 -profile:v high -pix_fmt yuv420p "
  "-g 50 ";

std::vector<comparison> comparisons() {
  const auto encode = [](media::settings& s) {
    s.video.remux = false;
  };
  const auto usual = [](media::settings&) {
  };
  const auto sheet = [](media::settings& s) {
    s.video.stills = 0;
    s.video.motion_seconds = 0;
  };
  const auto hls = [](media::settings& s) {
    s.video.hls = true;
  };
  return {
    {"Poster, 320 pixels, of 1080p", job_kind::video_preview, "long.mp4",
     "-ss 19 -i ../long.mp4 -frames:v 1 -vf scale=320:-2 -c:v libwebp p.webp", 0.1, usual, 5},
    {"Remux, 100 s of 1080p", job_kind::video_compress, "long.mp4",
     "-i ../long.mp4 -c copy -movflags +faststart r.mp4", 1.05, usual, 3},
    {"Poster and sheet of 50 tiles, from keyframes", job_kind::video_screenshots, "long.mp4",
     "-skip_frame nokey -i ../long.mp4 -filter_complex "
     "'[0:v]split[a][b];[a]scale=160:-2,tile=10x5[s]' -map '[s]' -frames:v 1 -fps_mode vfr -q:v 5 "
     "s.jpg -map '[b]' -frames:v 1 -q:v 3 p.jpg",
     0.4, sheet, 3},
    {"the same, ffmpeg as people call it (fps=1/2)", job_kind::video_screenshots, "long.mp4",
     "-i ../long.mp4 -filter_complex '[0:v]split[a][b];[a]fps=1/2,scale=160:-2,tile=10x5[s]' -map "
     "'[s]' -frames:v 1 -q:v 5 s.jpg -map '[b]' -frames:v 1 -q:v 3 p.jpg",
     0.4, sheet},
    {"Compress, 12 s of 1080p", job_kind::video_compress, "clip.mp4",
     "-i ../clip.mp4 " + encoder + "-c:a aac -b:a 128k -ac 2 -movflags +faststart c.mp4", 1.05,
     encode},
    {"HLS, three rungs, 12 s of 1080p", job_kind::video_stream, "clip.mp4",
     "-i ../clip.mp4 -filter_complex '[0:v]split=2[a][b];[a]scale=640:360[l];[b]scale=1280:720[m]' "
     "-map '[l]' -map '[m]' -map 0:v -map 0:a -sc_threshold 0 "
       + encoder
       + "-maxrate:v:0 962k -bufsize:v:0 962k -maxrate:v:1 2722k -bufsize:v:1 2722k "
         "-maxrate:v:2 5000k -bufsize:v:2 5000k -c:a aac -b:a 128k -ac 2 -f hls -hls_time 6 "
         "-hls_playlist_type vod -hls_segment_type fmp4 -hls_flags single_file "
         "-var_stream_map 'v:0,agroup:s v:1,agroup:s v:2,agroup:s a:0,agroup:s' h%v.m3u8",
     1.0, hls},
  };
}

} // namespace

int main(int count, char** words) {
  if (count < 3 || count > 4) {
    std::fprintf(stderr, "usage: video_jobs <folder with clip.mp4 and long.mp4> <rounds> [<word>]\n"
                         "With a word: only what has it in its name.\n");
    return 2;
  }
  const workplace at{std::filesystem::absolute(words[1])};
  std::filesystem::create_directories(at.output());
  std::printf(
    "| What | mediad | ffmpeg | Ratio | Target | Met |\n| --- | --- | --- | --- | --- | --- |\n");
  for (const auto& c : comparisons())
    if (count == 3 || c.what.find(words[3]) != std::string::npos)
      measure(at, c, std::max(1, std::atoi(words[2])));
}
