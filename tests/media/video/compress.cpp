#define CAF_SUITE media_video_compress

#include "tests/media/support/av_media.hpp"

#include <algorithm>
#include <cmath>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using media::job_kind;

namespace {

constexpr auto red_and_blue =
  "-f lavfi -i color=red:s=320x180:d=1 -vf "
  "drawbox=x=160:w=160:h=180:color=blue:t=fill -preset ultrafast -pix_fmt yuv420p ";
constexpr auto picture_and_sound =
  "-f lavfi -i testsrc2=s=320x180:r=25:d=2 -f lavfi -i sine=r=48000:d=2 ";
constexpr double frame_s = 1.0 / 25;

struct fixture : tests::av_fixture {
  fixture() {
    options.video.remux = false;
  }

  std::filesystem::path made() const {
    return output() / "video.mp4";
  }

  std::string compress(const std::filesystem::path& file,
                       const std::string& media_type = "video/mp4") {
    return outcome(job_kind::video_compress, media_type, file);
  }

  nlohmann::json video() const {
    return probe(made(), "-select_streams v")["streams"][0];
  }
  nlohmann::json audio() const {
    return probe(made(), "-select_streams a")["streams"][0];
  }

  std::string size() const {
    const auto stream = video();
    return std::to_string(stream["width"].get<int>()) + "x"
           + std::to_string(stream["height"].get<int>());
  }

  /// When each frame of @p file is shown, seconds.
  static std::vector<double> times_of(const std::filesystem::path& file) {
    std::vector<double> times;
    const auto all = probe(file, "-select_streams v -show_packets");
    for (const auto& packet : all["packets"])
      times.push_back(std::stod(packet["pts_time"].get<std::string>()));
    std::sort(times.begin(), times.end());
    return times;
  }

  /// Compresses a clip made with @p arguments. @returns by how many seconds its length changed.
  double change_of_length(const std::string& name, const std::string& media_type,
                          const std::string& arguments) {
    const auto file = make(name, picture_and_sound + arguments);
    const auto ended = compress(file, media_type);
    return ended == "ok" ? std::abs(duration_of(made()) - duration_of(file)) : 1e9;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(video_compress_tests, fixture)

CAF_TEST(a video becomes H 264 and AAC of the same size and length) {
  const auto file = make(
    "clip.mov", "-f lavfi -i testsrc2=s=1920x1080:r=25:d=1 -f lavfi -i sine=d=1 -c:v mjpeg -q:v 5 "
                "-c:a pcm_s16le");
  options.video.preset = "veryfast";
  CAF_REQUIRE_EQUAL(compress(file, "video/quicktime"), "ok");
  CAF_CHECK_EQUAL(size(), "1920x1080");
  CAF_CHECK_EQUAL(video()["codec_name"].get<std::string>(), "h264");
  CAF_CHECK_EQUAL(video()["profile"].get<std::string>(), "High");
  CAF_CHECK_EQUAL(video()["pix_fmt"].get<std::string>(), "yuv420p");
  CAF_CHECK_EQUAL(audio()["codec_name"].get<std::string>(), "aac");
  CAF_CHECK_EQUAL(audio()["channels"].get<int>(), 2);
  CAF_CHECK_LESS(std::abs(duration_of(made()) - 1), frame_s);
  CAF_CHECK_LESS(std::filesystem::file_size(made()), std::filesystem::file_size(file));
}

CAF_TEST(the result is described) {
  const auto done = run(job_kind::video_compress, "video/mp4", make("clip.mp4", red_and_blue));
  CAF_REQUIRE(done);
  CAF_REQUIRE_EQUAL(done->files.size(), 1U);
  const auto& file = done->files.front();
  CAF_CHECK_EQUAL(file.name, "video.mp4");
  CAF_CHECK_EQUAL(file.media_type, "video/mp4");
  CAF_CHECK_EQUAL(file.width, 320U);
  CAF_CHECK_EQUAL(file.height, 180U);
}

CAF_TEST(the index comes before the samples) {
  CAF_REQUIRE_EQUAL(compress(make("clip.mp4", picture_and_sound)), "ok");
  const auto bytes = bytes_of(made());
  const auto index = bytes.find("moov");
  CAF_CHECK_NOT_EQUAL(index, std::string::npos);
  CAF_CHECK_LESS(index, bytes.find("mdat"));
}

CAF_TEST(progress rises to one and never falls) {
  CAF_REQUIRE_EQUAL(compress(make("clip.mp4", picture_and_sound)), "ok");
  CAF_CHECK(std::is_sorted(progress.begin(), progress.end()));
  CAF_CHECK_GREATER(progress.size(), 10U);
  CAF_CHECK_LESS(progress.front(), 0.1);
  CAF_CHECK_EQUAL(progress.back(), 1.0);
}

CAF_TEST(a turned video is upright without help from metadata) {
  const auto flat = make("flat.mp4", red_and_blue);
  CAF_REQUIRE_EQUAL(
    compress(make("turned.mp4", "-i '" + flat.string() + "' -c copy -metadata:s:v:0 rotate=270")),
    "ok");
  CAF_CHECK_EQUAL(size(), "180x320");
  CAF_CHECK(is_red(colour_at(made(), 0, 0, 1, 2)));
  CAF_CHECK(is_blue(colour_at(made(), 0, 1, 1, 2)));
  CAF_CHECK(!video().contains("side_data_list"));
}

CAF_TEST(a large video is scaled down to the short side allowed) {
  options.video.max_short_side = 144;
  CAF_REQUIRE_EQUAL(compress(make("clip.mp4", red_and_blue)), "ok");
  CAF_CHECK_EQUAL(size(), "256x144");
}

CAF_TEST(odd sizes become even) {
  const auto file = make(
    "odd.webm", "-f lavfi -i testsrc2=s=321x241:d=0.2 -c:v libvpx -deadline realtime -cpu-used 8");
  CAF_REQUIRE_EQUAL(compress(file, "video/webm"), "ok");
  CAF_CHECK_EQUAL(size(), "320x240");
}

CAF_TEST(the smallest picture there is becomes a video) {
  CAF_CHECK_EQUAL(
    compress(make("dot.avi",
                  "-f lavfi -i color=red:s=16x16:d=1 -vf scale=1:1 -pix_fmt bgr24 -c:v rawvideo"),
             "video/x-msvideo"),
    "ok");
  CAF_CHECK_EQUAL(size(), "2x2");
}

CAF_TEST(pixels that are not square are made square) {
  CAF_REQUIRE_EQUAL(compress(make("wide.mp4", std::string{red_and_blue} + "-aspect 32:9")), "ok");
  CAF_CHECK_EQUAL(size(), "640x180");
  CAF_CHECK_EQUAL(video()["sample_aspect_ratio"].get<std::string>(), "1:1");
}

CAF_TEST(ten bits in 4 4 4 become eight in 4 2 0) {
  CAF_REQUIRE_EQUAL(
    compress(make("deep.mp4",
                  "-f lavfi -i testsrc2=s=320x180:d=1 -pix_fmt yuv444p10le -preset ultrafast")),
    "ok");
  CAF_CHECK_EQUAL(video()["pix_fmt"].get<std::string>(), "yuv420p");
}

CAF_TEST(brighter than a screen becomes what a screen can show) {
  const auto file =
    make("hdr.mkv",
         "-f lavfi -i testsrc2=s=320x180:d=1 -vf format=yuv420p10le -c:v libx265 -preset ultrafast "
         "-x265-params log-level=error:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc");
  CAF_REQUIRE_EQUAL(compress(file, "video/x-matroska"), "ok");
  CAF_CHECK_EQUAL(video()["color_transfer"].get<std::string>(), "bt709");
  CAF_CHECK_EQUAL(video()["pix_fmt"].get<std::string>(), "yuv420p");
}

CAF_TEST(colours stay what they were) {
  // Full range RGB in the source, so both the matrix and the range must be turned right.
  const auto file =
    make("rgb.avi", "-f lavfi -i color=0x20C040:s=320x180:d=1 -pix_fmt bgr24 -c:v rawvideo");
  CAF_REQUIRE_EQUAL(compress(file, "video/x-msvideo"), "ok");
  const auto colour = colour_at(made(), 0, 0, 1, 1);
  CAF_CHECK_LESS(std::abs(colour.r - 0x20), 6);
  CAF_CHECK_LESS(std::abs(colour.g - 0xC0), 6);
  CAF_CHECK_LESS(std::abs(colour.b - 0x40), 6);
}

CAF_TEST(a video without sound stays without) {
  CAF_REQUIRE_EQUAL(compress(make("clip.mp4", red_and_blue)), "ok");
  CAF_CHECK_EQUAL(probe(made())["streams"].size(), 1U);
}

CAF_TEST(surround sound becomes stereo) {
  const auto file =
    make("clip.mp4",
         "-f lavfi -i testsrc2=s=320x180:d=1 -f lavfi -i "
         "'sine=d=1,pan=5.1|FL=c0|FR=c0|FC=c0|LFE=c0|BL=c0|BR=c0' -c:a aac -preset ultrafast");
  CAF_REQUIRE_EQUAL(compress(file), "ok");
  CAF_CHECK_EQUAL(audio()["channels"].get<int>(), 2);
}

CAF_TEST(AV1 and Opus are made beside it where the options want them) {
  options.video.av1 = true;
  options.video.av1_preset = 13;
  const auto done = run(job_kind::video_compress, "video/mp4", make("clip.mp4", picture_and_sound));
  CAF_REQUIRE(done);
  CAF_REQUIRE_EQUAL(done->files.size(), 2U);
  CAF_CHECK_EQUAL(done->files.back().name, "video-av1.webm");
  const auto all = probe(output() / "video-av1.webm")["streams"];
  CAF_CHECK_EQUAL(all[0]["codec_name"].get<std::string>(), "av1");
  CAF_CHECK_EQUAL(all[0]["width"].get<int>(), 320);
  CAF_CHECK_EQUAL(all[1]["codec_name"].get<std::string>(), "opus");
  CAF_CHECK_LESS(std::abs(duration_of(output() / "video-av1.webm") - 2), 2 * frame_s);
  CAF_CHECK_EQUAL(video()["codec_name"].get<std::string>(), "h264");
  CAF_CHECK(std::is_sorted(progress.begin(), progress.end()));
  CAF_CHECK_EQUAL(progress.back(), 1.0);
}

CAF_TEST(without its AV1 a video still has the rest) {
  options.video.av1 = true;
  options.video.av1_crf = 1'000; // no encoder takes that
  const auto done = run(job_kind::video_compress, "video/mp4", make("clip.mp4", picture_and_sound));
  CAF_REQUIRE(done);
  CAF_CHECK_EQUAL(done->files.size(), 1U);
  const auto facts = nlohmann::json::parse(done->media);
  CAF_CHECK_EQUAL(facts["compressed"]["av1_failed"].get<std::string>(), "internal");
  CAF_CHECK_EQUAL(std::filesystem::exists(output() / "video-av1.webm"), false);
  CAF_CHECK_EQUAL(video()["codec_name"].get<std::string>(), "h264");
  CAF_CHECK_EQUAL(progress.back(), 1.0);
}

CAF_TEST(a video too small for AV1 has none) {
  options.video.av1 = true;
  const auto done = run(job_kind::video_compress, "video/mp4",
                        make("clip.mp4", "-f lavfi -i color=red:s=64x48:d=0.2 -pix_fmt yuv420p"));
  CAF_REQUIRE(done);
  CAF_CHECK_EQUAL(done->files.size(), 1U);
}

CAF_TEST(of several sound tracks the default one is kept) {
  const auto file =
    make("clip.mkv", "-f lavfi -i testsrc2=s=320x180:d=2 -f lavfi -i sine=f=300:d=2 -f lavfi -i "
                     "sine=f=3000:d=2 -map 0 -map 1 -map 2 -c:a pcm_s16le -preset ultrafast "
                     "-disposition:a:0 0 -disposition:a:1 default");
  CAF_REQUIRE_EQUAL(compress(file, "video/x-matroska"), "ok");
  CAF_CHECK_EQUAL(probe(made())["streams"].size(), 2U);
  // The low tone would be lost, the high one passes.
  const auto heard =
    printed("ffmpeg -nostdin -hide_banner -i '" + made().string()
            + "' -af highpass=f=2000:p=2,volumedetect -vn -f null - 2>&1 | grep mean_volume");
  const auto level = std::stod(heard.substr(heard.find("mean_volume:") + 12));
  CAF_CHECK_GREATER(level, -30.0);
}

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

CAF_TEST(no metadata of the original is left) {
  const auto file =
    make("clip.mp4", std::string{picture_and_sound}
                       + "-metadata title=Secret -metadata location=+48.8584+002.2945/ "
                         "-metadata:s:v:0 handler_name=Mine -movflags use_metadata_tags");
  CAF_REQUIRE_EQUAL(compress(file), "ok");
  const auto bytes = bytes_of(made());
  for (const auto* word : {"Secret", "48.8584", "Mine", "Lavf"})
    CAF_CHECK_EQUAL(bytes.find(word), std::string::npos);
}

CAF_TEST(the same file gives the same bytes) {
  const auto file =
    make("clip.avi", std::string{picture_and_sound} + "-c:v mjpeg -q:v 2 -c:a pcm_s16le");
  CAF_REQUIRE_EQUAL(compress(file, "video/x-msvideo"), "ok");
  const auto first = bytes_of(made());
  CAF_REQUIRE_EQUAL(compress(file, "video/x-msvideo"), "ok");
  CAF_CHECK(first == bytes_of(made()));
}

CAF_TEST(the same file gives the same bytes where it had to be made coarser) {
  const auto file = make("clip.mp4", picture_and_sound);
  options.video.crf = 10;
  CAF_REQUIRE_EQUAL(compress(file), "ok");
  const auto first = bytes_of(made());
  CAF_REQUIRE_EQUAL(compress(file), "ok");
  CAF_CHECK(first == bytes_of(made()));
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
