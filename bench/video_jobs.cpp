// Times mediad's video jobs in a warm process against the ffmpeg program, in turns, and prints a
// table. Started by bench/video.
#include "media/worker/jobs.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace {

using namespace mediad;
using media::job_kind;

struct workplace {
  std::filesystem::path folder;
  media::settings options;

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

bool run_job(const workplace& at, job_kind kind, const std::string& input) {
  media::job work;
  work.kind = kind;
  work.input = at.folder / input;
  work.output_dir = at.output();
  work.media_type = "video/mp4";
  const media::job_context context{at.options, [](double) {
                                   }};
  const auto done = media::run_av(work, context);
  if (!done)
    std::fprintf(stderr, "%s\n", done.error().detail.c_str());
  return static_cast<bool>(done);
}

double median(std::vector<double> all) {
  std::sort(all.begin(), all.end());
  return all[all.size() / 2];
}

struct comparison {
  std::string what;
  job_kind kind;
  std::string input;
  std::string command; ///< Arguments of ffmpeg after its input.
  double most;         ///< Of the ratio.
  std::function<void(media::settings&)> set;
};

void measure(workplace at, const comparison& c, int rounds) {
  c.set(at.options);
  const auto command =
    "cd '" + at.output().string() + "' && ffmpeg -nostdin -v error -y " + c.command;
  std::vector<double> ours;
  std::vector<double> peers;
  run_job(at, c.kind, c.input); // warm: libraries loaded, the file in the page cache
  for (int i = 0; i < rounds; ++i) {
    ours.push_back(seconds_of([&] { return run_job(at, c.kind, c.input); }, c.what));
    peers.push_back(seconds_of([&] { return std::system(command.c_str()) == 0; }, command));
  }
  const double ratio = median(ours) / median(peers);
  std::printf("| %s | %.0f ms | %.0f ms | %.2f | ≤ %.2f | %s |\n", c.what.c_str(),
              1000 * median(ours), 1000 * median(peers), ratio, c.most,
              ratio <= c.most ? "✓" : "✗");
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
  };
  const auto hls = [](media::settings& s) {
    s.video.hls = true;
  };
  return {
    {"Poster, 320 pixels, of 1080p", job_kind::video_preview, "long.mp4",
     "-ss 19 -i ../long.mp4 -frames:v 1 -vf scale=320:-2 -c:v libwebp p.webp", 0.1, usual},
    {"Remux, 100 s of 1080p", job_kind::video_compress, "long.mp4",
     "-i ../long.mp4 -c copy -movflags +faststart r.mp4", 1.05, usual},
    {"Sheet of 50 tiles (ours with a poster)", job_kind::video_screenshots, "long.mp4",
     "-skip_frame nokey -i ../long.mp4 -vf scale=160:-2,tile=10x10 -frames:v 1 -fps_mode vfr -q:v "
     "5 "
     "s.jpg",
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
  if (count != 3) {
    std::fprintf(stderr, "usage: video_jobs <folder with clip.mp4 and long.mp4> <rounds>\n");
    return 2;
  }
  workplace at{words[1], {}};
  std::filesystem::create_directories(at.output());
  std::printf(
    "| What | mediad | ffmpeg | Ratio | Target | Met |\n| --- | --- | --- | --- | --- | --- |\n");
  for (const auto& c : comparisons())
    measure(at, c, std::max(1, std::atoi(words[2])));
}
