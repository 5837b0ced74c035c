#define CAF_SUITE media_video_hls_stream

#include "tests/media/support/av_media.hpp"

#include <algorithm>
#include <cmath>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using media::job_kind;

namespace {

constexpr auto clip = "-f lavfi -i testsrc2=s=640x360:r=25:d=15 -f lavfi -i sine=r=48000:d=15 "
                      "-preset ultrafast -pix_fmt yuv420p ";

struct fixture : tests::av_fixture {
  fixture() {
    options.video.hls = true;
    options.video.hls_sides = {180, 360, 720};
  }

  std::vector<std::string> names(const result<media::job_result>& done) const {
    std::vector<std::string> all;
    for (const auto& file : done->files)
      all.push_back(file.name);
    return all;
  }

  int lines_with(const std::string& name, const std::string& word) const {
    const auto text = bytes_of(output() / name);
    int count = 0;
    for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1))
      ++count;
    return count;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(video_stream_tests, fixture)

CAF_TEST(nothing is made where it is not wanted) {
  options.video.hls = false;
  const auto done = run(job_kind::video_stream, "video/mp4", make("clip.mp4", clip));
  CAF_REQUIRE(done);
  CAF_CHECK(done->files.empty());
}

CAF_TEST(there is a rung for each size that the source has) {
  const auto done = run(job_kind::video_stream, "video/mp4", make("clip.mp4", clip));
  CAF_REQUIRE(done);
  const std::vector<std::string> expected{"hls-audio.mp4", "hls-audio.m3u8", "hls-180.mp4",
                                          "hls-180.m3u8",  "hls-360.mp4",    "hls-360.m3u8",
                                          "hls.m3u8"};
  CAF_CHECK_EQUAL(names(done), expected);
  CAF_CHECK_EQUAL(lines_with("hls.m3u8", "#EXT-X-STREAM-INF"), 2);
}

CAF_TEST(a player finds all of it by the playlist) {
  CAF_REQUIRE(run(job_kind::video_stream, "video/mp4", make("clip.mp4", clip)));
  const auto found = probe(output() / "hls.m3u8", "-allowed_extensions ALL");
  int pictures = 0;
  for (const auto& stream : found["streams"])
    pictures += stream["codec_name"] == "h264" ? 1 : 0;
  CAF_CHECK_EQUAL(pictures, 2);
  CAF_CHECK_LESS(std::abs(std::stod(found["format"]["duration"].get<std::string>()) - 15), 0.1);
  // Every frame arrives, over all segments.
  const auto counted =
    probe(output() / "hls-360.m3u8", "-allowed_extensions ALL -count_packets")["streams"][0];
  CAF_CHECK_EQUAL(counted["nb_read_packets"].get<std::string>(), "375");
}

CAF_TEST(segments are six seconds long and alike in every rung) {
  CAF_REQUIRE(run(job_kind::video_stream, "video/mp4", make("clip.mp4", clip)));
  CAF_CHECK_EQUAL(lines_with("hls-360.m3u8", "#EXTINF:6.0"), 2);
  CAF_CHECK_EQUAL(lines_with("hls-180.m3u8", "#EXTINF:6.0"), 2);
  CAF_CHECK_EQUAL(lines_with("hls-360.m3u8", "#EXTINF"), 3);
}

CAF_TEST(two runs differ in no time and no place of a cut) {
  // With its limit of the bit rate and threads, x264 makes other bytes in each run.
  const auto file = make("clip.mp4", clip);
  const auto cuts = [&] {
    CAF_REQUIRE(run(job_kind::video_stream, "video/mp4", file));
    std::string all;
    for (const auto* name : {"hls-180.mp4", "hls-360.mp4"})
      all +=
        printed("ffprobe -v error -select_streams v -show_entries packet=pts,dts,duration,flags "
                "-of csv '"
                + (output() / name).string() + "'");
    return all + bytes_of(output() / "hls-audio.mp4");
  };
  const auto first = cuts();
  CAF_CHECK(first == cuts());
}

CAF_TEST(a video without sound has no rendition of sound) {
  const auto file = make("clip.mp4", "-f lavfi -i testsrc2=s=320x180:d=3 -preset ultrafast");
  const auto done = run(job_kind::video_stream, "video/mp4", file);
  CAF_REQUIRE(done);
  CAF_CHECK_EQUAL(done->files.front().name, "hls-180.mp4");
  CAF_CHECK_EQUAL(lines_with("hls.m3u8", "AUDIO"), 0);
}

CAF_TEST(a video that was cut leaves nothing) {
  const auto file = cut(make("clip.mkv", clip), 0.6);
  CAF_CHECK_EQUAL(outcome(job_kind::video_stream, "video/x-matroska", file), "corrupt_media");
  CAF_CHECK(std::filesystem::is_empty(output()));
}

CAF_TEST_FIXTURE_SCOPE_END()
