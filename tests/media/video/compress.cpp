#define CAF_SUITE media_video_compress

#include "tests/media/video/compress_fixture.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;
using media::job_kind;

CAF_TEST_FIXTURE_SCOPE(video_compress_tests, compress_fixture)

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
  CAF_REQUIRE_EQUAL(compress(turned(make("flat.mp4", red_and_blue), 90)), "ok");
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

CAF_TEST_FIXTURE_SCOPE_END()
