#define CAF_SUITE media_video_short_streams

#include "tests/media/support/av_media.hpp"

#include <cmath>
#include <utility>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using media::job_kind;
using namespace std::string_literals;

namespace {

// One group of pictures, which rise from dark to bright, beside a sound.
std::string one_group(const std::string& seconds) {
  return "-f lavfi -i color=black:s=320x180:r=30:d=" + seconds + " -f lavfi -i sine=d=" + seconds
         + " -vf \"geq=lum='16+T*60':cb=128:cr=128\" -g 999 -sc_threshold 0 -color_range tv ";
}

struct fixture : tests::av_fixture {
  nlohmann::json facts; ///< Facts of the newest preview.

  /// All jobs of a video. @returns how the first of them failed, or "ok".
  std::string all_jobs(const std::string& media_type, const std::filesystem::path& file) {
    const auto shown = run(job_kind::video_preview, media_type, file);
    if (!shown)
      return "preview: " + shown.error().detail;
    facts = nlohmann::json::parse(shown->media);
    for (const auto kind : {job_kind::video_screenshots, job_kind::video_compress})
      if (const auto done = run(kind, media_type, file); !done)
        return std::string{to_string(kind)} + ": " + done.error().detail;
    return "ok";
  }

  bool has(const std::string& name) const {
    return std::filesystem::exists(output() / name);
  }

  int light_of(int still) const {
    return colour_at(output() / ("still-" + std::to_string(still) + ".jpg"), 0, 0, 1, 1).g;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(video_short_streams_tests, fixture)

CAF_TEST(one group of pictures is enough in every container) {
  const std::string h264 = "-preset ultrafast -pix_fmt yuv420p ";
  const std::string mpeg2 = "-c:v mpeg2video -c:a mp2 ";
  for (const auto& [name, type, seconds, how] :
       {std::tuple{"a.ts", "video/mp2t", "2.5", h264},
        {"b.ts", "video/mp2t", "0.5", mpeg2},
        {"a.m2ts", "video/mp2t", "1", h264 + "-f mpegts -mpegts_m2ts_mode 1 "},
        {"a.flv", "video/x-flv", "1", h264},
        {"a.mpg", "video/mpeg", "0.5", mpeg2},
        {"a.mkv", "video/x-matroska", "1", h264},
        {"a.avi", "video/x-msvideo", "1", h264 + "-c:a mp3 "}}) {
    CAF_CHECK_EQUAL(name + all_jobs(type, make(name, one_group(seconds) + how)), name + "ok"s);
    CAF_CHECK_LESS(std::abs(duration_of(output() / "video.mp4") - std::stod(seconds)), 0.15);
    CAF_CHECK(has("sprite.jpg"));
    CAF_CHECK(has("motion.webp"));
    std::filesystem::remove(output() / "sprite.jpg");
    std::filesystem::remove(output() / "motion.webp");
  }
}

CAF_TEST(stills of one group in a transport stream show their own times) {
  const auto file = make("a.ts", one_group("2.5") + "-preset ultrafast -pix_fmt yuv420p ");
  CAF_REQUIRE_EQUAL(all_jobs("video/mp2t", file), "ok");
  for (int i = 0; i < 4; ++i) {
    const double expected = 2.5 * (i + 0.5) / 4 * 60 * 255 / 219;
    CAF_CHECK_LESS(std::abs(light_of(i + 1) - expected), 10.0);
  }
}

CAF_TEST(a WebM without a duration has one all the same) {
  printed("ffmpeg -nostdin -v error " + one_group("3")
          + "-map 0 -c:v libvpx -deadline realtime "
            "-cpu-used 8 -f webm -live 1 pipe:1 > '"
          + (root.path / "live.webm").string() + "'");
  CAF_REQUIRE_EQUAL(all_jobs("video/webm", root.path / "live.webm"), "ok");
  CAF_CHECK_LESS(std::abs(facts["duration"].get<double>() - 3), 0.05);
  CAF_CHECK_GREATER(facts["bit_rate"].get<int>(), 0);
  CAF_CHECK(has("sprite.vtt"));
  CAF_CHECK(has("motion.webp"));
  for (int i = 1; i < 4; ++i)
    CAF_CHECK_LESS(light_of(i) + 20, light_of(i + 1));
}

CAF_TEST(an FLV without a duration has one all the same) {
  printed("ffmpeg -nostdin -v error " + one_group("3")
          + "-preset ultrafast -pix_fmt yuv420p "
            "-flvflags no_duration_filesize -f flv pipe:1 > '"
          + (root.path / "live.flv").string() + "'");
  CAF_REQUIRE_EQUAL(all_jobs("video/x-flv", root.path / "live.flv"), "ok");
  CAF_CHECK_LESS(std::abs(facts["duration"].get<double>() - 3), 0.15);
}

CAF_TEST(a stream without a duration that goes on for too long is too large) {
  options.limits.max_duration_s = 1;
  printed("ffmpeg -nostdin -v error " + one_group("3")
          + "-map 0 -c:v libvpx -deadline realtime "
            "-cpu-used 8 -f webm -live 1 pipe:1 > '"
          + (root.path / "live.webm").string() + "'");
  CAF_CHECK_EQUAL(outcome(job_kind::video_preview, "video/webm", root.path / "live.webm"),
                  "too_large");
}

CAF_TEST(of several default tracks of pictures the largest is shown) {
  const auto file =
    make("a.mkv", "-f lavfi -i color=red:s=160x90:d=2 -f lavfi -i color=blue:s=320x180:d=2 "
                  "-f lavfi -i sine=d=2 -f lavfi -i sine=d=2 -map 0 -map 1 -map 2 -map 3 "
                  "-disposition:v default -disposition:a default -preset ultrafast "
                  "-pix_fmt yuv420p");
  CAF_REQUIRE_EQUAL(all_jobs("video/x-matroska", file), "ok");
  CAF_CHECK_EQUAL(facts["width"].get<int>(), 320);
  CAF_CHECK(is_blue(colour_at(output() / "poster.jpg", 0, 0, 1, 1)));
  CAF_CHECK(is_blue(colour_at(output() / "video.mp4", 0, 0, 1, 1)));
  CAF_CHECK_EQUAL(probe(output() / "video.mp4")["streams"].size(), 2u);
}

CAF_TEST_FIXTURE_SCOPE_END()
