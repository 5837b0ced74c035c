#define CAF_SUITE media_video_compress_times

#include "tests/media/video/compress_fixture.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;

CAF_TEST_FIXTURE_SCOPE(video_compress_times_tests, compress_fixture)

CAF_TEST(frames at irregular times keep their times) {
  const auto file =
    make("vfr.mp4", "-f lavfi -i testsrc2=s=320x180:r=60:d=3 -vf "
                    "\"select='if(lt(t,1),1,if(lt(t,2),not(mod(n,3)),not(mod(n,7))))'\" "
                    "-fps_mode vfr -preset ultrafast");
  CAF_REQUIRE_EQUAL(compress(file), "ok");
  const auto before = times_of(file);
  const auto after = times_of(made());
  CAF_REQUIRE_EQUAL(before.size(), after.size());
  double worst = 0;
  for (std::size_t i = 0; i < before.size(); ++i)
    worst = std::max(worst, std::abs(before[i] - after[i]));
  CAF_CHECK_LESS(worst, 0.001);
}

CAF_TEST(there is a keyframe every two seconds) {
  CAF_REQUIRE_EQUAL(
    compress(make("long.mp4", "-f lavfi -i color=gray:s=160x90:r=25:d=5 -preset ultrafast -g 999")),
    "ok");
  std::vector<double> keys;
  const auto all = probe(made(), "-select_streams v -show_packets");
  for (const auto& packet : all["packets"])
    if (packet["flags"].get<std::string>().front() == 'K')
      keys.push_back(std::stod(packet["pts_time"].get<std::string>()));
  const std::vector<double> expected{0, 2, 4};
  CAF_CHECK_EQUAL(keys, expected);
}

CAF_TEST(every container keeps its length to a frame) {
  CAF_CHECK_LESS(change_of_length("a.mp4", "video/mp4", "-preset ultrafast"), frame_s);
  CAF_CHECK_LESS(change_of_length("a.mkv", "video/x-matroska", "-preset ultrafast"), frame_s);
  CAF_CHECK_LESS(
    change_of_length("a.webm", "video/webm",
                     "-c:v libvpx -deadline realtime -cpu-used 8 -b:v 200k -c:a libopus"),
    frame_s);
  CAF_CHECK_LESS(change_of_length("a.avi", "video/x-msvideo", "-c:v mpeg4 -c:a libmp3lame"),
                 frame_s);
  CAF_CHECK_LESS(change_of_length("a.ts", "video/mp2t", "-preset ultrafast"), frame_s);
  CAF_CHECK_LESS(change_of_length("a.mpg", "video/mpeg", "-c:v mpeg2video -c:a mp2"), frame_s);
  CAF_CHECK_LESS(change_of_length("a.flv", "video/x-flv", "-c:v flv -c:a libmp3lame -ar 44100"),
                 frame_s);
}

CAF_TEST(the last frame of interlaced video is shown no longer than the others) {
  const auto file =
    make("fields.mkv", "-f lavfi -i testsrc2=s=320x180:r=10:d=1 -vf interlace=scan=tff "
                       "-c:v mpeg4 -flags +ildct");
  CAF_REQUIRE_EQUAL(compress(file, "video/x-matroska"), "ok");
  CAF_CHECK_LESS(std::abs(duration_of(made()) - 1), frame_s);
}

CAF_TEST(a recording whose clock starts late starts at once) {
  CAF_CHECK_LESS(
    change_of_length("late.ts", "video/mp2t", "-preset ultrafast -output_ts_offset 3600"), frame_s);
  const double first = times_of(made()).front();
  CAF_CHECK_LESS(first, 0.1);
}

CAF_TEST(a recording whose clock jumps goes on without a gap) {
  const auto early = make("early.ts", std::string{picture_and_sound} + "-preset ultrafast");
  const auto late =
    make("late.ts", std::string{picture_and_sound} + "-preset ultrafast -output_ts_offset 5000");
  const auto joined = write("joined.ts", bytes_of(early) + bytes_of(late));
  CAF_REQUIRE_EQUAL(compress(joined, "video/mp2t"), "ok");
  CAF_CHECK_LESS(std::abs(duration_of(made()) - 4), 0.2);
}

CAF_TEST(sound that starts later than the picture still does) {
  const auto file =
    make("late.mkv",
         "-f lavfi -i testsrc2=s=320x180:d=3 -itsoffset 1 -f lavfi -i sine=d=2 -preset ultrafast");
  CAF_REQUIRE_EQUAL(compress(file, "video/x-matroska"), "ok");
  CAF_CHECK_LESS(std::abs(std::stod(audio()["start_time"].get<std::string>()) - 1), 0.05);
}

CAF_TEST(a hole in the sound stays a hole) {
  const auto file =
    make("hole.mkv", "-f lavfi -i testsrc2=s=320x180:d=3 -f lavfi -i sine=d=3 -af "
                     "\"aselect='not(between(t,1,2))'\" -preset ultrafast -c:a pcm_s16le");
  CAF_REQUIRE_EQUAL(compress(file, "video/x-matroska"), "ok");
  const auto end = std::stod(audio()["start_time"].get<std::string>())
                   + std::stod(audio()["duration"].get<std::string>());
  CAF_CHECK_LESS(std::abs(end - 3), 0.1);
}

CAF_TEST_FIXTURE_SCOPE_END()
