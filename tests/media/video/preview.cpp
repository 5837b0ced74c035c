#define CAF_SUITE media_video_preview

#include "media/av/shape.hpp"
#include "tests/media/support/av_media.hpp"

#include <cmath>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using media::job_kind;

namespace {

// Left half red, right half blue.
constexpr auto red_and_blue =
  "-f lavfi -i color=red:s=320x180:d=2 -vf "
  "drawbox=x=160:w=160:h=180:color=blue:t=fill -preset ultrafast -pix_fmt yuv420p ";

struct fixture : tests::av_fixture {
  nlohmann::json facts; ///< Facts of the newest preview.

  static std::string size_of(const std::filesystem::path& file) {
    const auto stream = probe(file)["streams"][0];
    return std::to_string(stream["width"].get<int>()) + "x"
           + std::to_string(stream["height"].get<int>());
  }

  std::filesystem::path picture() const {
    return output() / "preview.webp";
  }

  /// Makes the preview. @returns its size as text, "320x180", or how it failed.
  std::string preview(const std::filesystem::path& file,
                      const std::string& media_type = "video/mp4") {
    const auto done = run(job_kind::video_preview, media_type, file);
    if (!done)
      return to_string(done.error().code);
    facts = nlohmann::json::parse(done->media);
    return done->thumbhash.empty() ? "no thumbhash" : size_of(picture());
  }

  std::filesystem::path turned(int degrees) const {
    return av_fixture::turned(make("flat.mp4", red_and_blue), degrees);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(video_preview_tests, fixture)

CAF_TEST(a video gets a preview that fits into the box and its facts) {
  const auto file = make(
    "clip.mp4", "-f lavfi -i testsrc2=s=1920x1080:d=2:r=30 -f lavfi -i sine=d=2 -preset ultrafast");
  CAF_CHECK_EQUAL(preview(file), "320x180");
  CAF_CHECK_EQUAL(facts["width"].get<int>(), 1920);
  CAF_CHECK_EQUAL(facts["height"].get<int>(), 1080);
  CAF_CHECK_EQUAL(facts["fps"].get<double>(), 30.0);
  CAF_CHECK_EQUAL(facts["duration"].get<double>(), 2.0);
  CAF_CHECK_EQUAL(facts["video_codec"].get<std::string>(), "h264");
  CAF_CHECK_EQUAL(facts["audio_codec"].get<std::string>(), "aac");
  CAF_CHECK_EQUAL(facts["rotation"].get<int>(), 0);
  CAF_CHECK_GREATER(facts["bit_rate"].get<int>(), 0);
}

CAF_TEST(a video without sound says so) {
  preview(make("clip.mp4", red_and_blue));
  CAF_CHECK(facts["audio_codec"].is_null());
}

CAF_TEST(a film of a phone says when and where and with what it was taken) {
  const auto file = make(
    "phone.mov", std::string{red_and_blue}
                   + "-f mov -movflags use_metadata_tags "
                     "-metadata com.apple.quicktime.creationdate=2024-05-01T12:34:56+0200 "
                     "-metadata com.apple.quicktime.location.ISO6709=+48.1376+011.5750+519.000/ "
                     "-metadata com.apple.quicktime.make=Lighthouse "
                     "-metadata 'com.apple.quicktime.model=Model 1' -metadata 'title=A tower'");
  preview(file, "video/quicktime");
  CAF_CHECK_EQUAL(facts["taken_at"].get<std::string>(), "2024-05-01T10:34:56.000Z");
  CAF_CHECK_EQUAL(facts["zone"].get<std::string>(), "+02:00");
  CAF_CHECK_EQUAL(facts["place"].dump(), R"({"latitude":48.138,"longitude":11.575})");
  CAF_CHECK_EQUAL(facts["camera"].dump(), R"({"make":"Lighthouse","model":"Model 1"})");
  CAF_CHECK_EQUAL(facts["title"].get<std::string>(), "A tower");
}

CAF_TEST(a film says when it was taken by its header in UTC) {
  for (const auto& [name, type] :
       {std::pair{"clip.mp4", "video/mp4"}, std::pair{"clip.mkv", "video/x-matroska"}}) {
    const auto file = make(name, std::string{"-f lavfi -i sine=d=2 "} + red_and_blue
                                   + "-metadata creation_time=2024-05-01T10:34:56Z "
                                     "-metadata:s:a language=deu");
    preview(file, type);
    CAF_CHECK_EQUAL(facts["taken_at"].get<std::string>(), "2024-05-01T10:34:56.000Z");
    CAF_CHECK_EQUAL(facts["zone"].get<std::string>(), "+00:00");
    const auto language = facts["language"].get<std::string>();
    CAF_CHECK(language == "deu" || language == "ger");
  }
}

CAF_TEST(a film without such tags says nothing of its origin) {
  preview(make("clip.mp4", red_and_blue));
  for (const auto* name : {"taken_at", "zone", "place", "camera", "title", "author", "language"})
    CAF_CHECK(!facts.contains(name));
}

CAF_TEST(nothing that is made of a film holds its place or its camera) {
  const auto file = make(
    "phone.mp4", std::string{red_and_blue}
                   + "-metadata location=+48.1376+011.5750/ "
                     "-metadata creation_time=2024-05-01T10:34:56Z -metadata title=Lighthouse");
  preview(file);
  CAF_CHECK_EQUAL(facts["place"].dump(), R"({"latitude":48.138,"longitude":11.575})");
  options.video.hls = true;
  options.video.hls_sides = {180};
  for (const auto kind :
       {job_kind::video_screenshots, job_kind::video_compress, job_kind::video_stream})
    CAF_CHECK_EQUAL(outcome(kind, "video/mp4", file), "ok");
  std::size_t files = 0;
  for (const auto& one : std::filesystem::directory_iterator{output()}) {
    ++files;
    const auto bytes = bytes_of(one.path());
    CAF_CHECK_EQUAL(bytes.find("48.13"), std::string::npos);
    CAF_CHECK_EQUAL(bytes.find("Lighthouse"), std::string::npos);
    if (one.path().extension() == ".mp4")
      CAF_CHECK(!probe(one.path())["format"]["tags"].contains("location"));
  }
  CAF_CHECK_GREATER(files, 8u);
}

CAF_TEST(a preview lies as the video is shown when it is turned clockwise) {
  CAF_CHECK_EQUAL(preview(turned(90)), "180x320");
  CAF_CHECK_EQUAL(facts["rotation"].get<int>(), 90);
  CAF_CHECK_EQUAL(facts["width"].get<int>(), 180);
  CAF_CHECK_EQUAL(facts["height"].get<int>(), 320);
  CAF_CHECK(is_red(colour_at(picture(), 0, 0, 1, 2)));
  CAF_CHECK(is_blue(colour_at(picture(), 0, 1, 1, 2)));
}

CAF_TEST(a preview lies as the video is shown when it is turned over) {
  CAF_CHECK_EQUAL(preview(turned(180)), "320x180");
  CAF_CHECK(is_blue(colour_at(picture(), 0, 0, 2, 1)));
  CAF_CHECK(is_red(colour_at(picture(), 1, 0, 2, 1)));
}

CAF_TEST(a mirrored video has a mirrored preview) {
  auto bytes = bytes_of(make("flat.mp4", red_and_blue));
  // The first number of the matrix in the track's header (ISO/IEC 14496-12, 8.3.2): 1 becomes -1.
  bytes.replace(bytes.find("tkhd") + 44, 4, "\xFF\xFF\0\0", 4);
  CAF_CHECK_EQUAL(preview(write("mirrored.mp4", bytes)), "320x180");
  CAF_CHECK(is_blue(colour_at(picture(), 0, 0, 2, 1)));
  CAF_CHECK(is_red(colour_at(picture(), 1, 0, 2, 1)));
}

CAF_TEST(pixels that are not square are made square) {
  CAF_CHECK_EQUAL(preview(make("wide.mp4", std::string{red_and_blue} + " -aspect 32:9")), "320x90");
  CAF_CHECK_EQUAL(facts["width"].get<int>(), 640);
  CAF_CHECK_EQUAL(facts["height"].get<int>(), 180);
}

CAF_TEST(a black first second does not make a black preview) {
  preview(make("late.mp4",
               "-f lavfi -i color=black:s=320x180:d=1 -f lavfi -i smptebars=s=320x180:d=1 "
               "-filter_complex '[0][1]concat' -preset ultrafast -g 5"));
  CAF_CHECK_GREATER(colour_at(picture(), 0, 0, 7, 3).r, 100);
}

CAF_TEST(a video whose only keyframe is black gets a preview that is not ) {
  preview(make("late.mp4",
               "-f lavfi -i color=black:s=320x180:d=1 -f lavfi -i smptebars=s=320x180:d=1 "
               "-filter_complex '[0][1]concat' -preset ultrafast -g 999 -sc_threshold 0"));
  CAF_CHECK_GREATER(colour_at(picture(), 0, 0, 7, 3).r, 100);
}

CAF_TEST(a black video has a preview all the same) {
  CAF_CHECK_EQUAL(
    preview(make("night.mp4", "-f lavfi -i color=black:s=320x180:d=1 -preset ultrafast")),
    "320x180");
}

CAF_TEST(a single frame is enough) {
  CAF_CHECK_EQUAL(preview(make("one.mp4", "-f lavfi -i smptebars=s=320x180 -frames:v 1")),
                  "320x180");
}

CAF_TEST(interlaced video has a preview) {
  const auto file =
    make("field.mpg", "-f lavfi -i testsrc2=s=720x576:r=50:d=1 -vf interlace,setsar=16/15 "
                      "-c:v mpeg2video -flags +ildct+ilme");
  CAF_CHECK_EQUAL(preview(file, "video/mpeg"), "320x240");
}

CAF_TEST(a container that holds only sound becomes audio with a waveform) {
  const auto file = make("talk.mp4", "-f lavfi -i sine=d=1 -c:a aac");
  const auto done = run(job_kind::video_preview, "video/mp4", file);
  CAF_REQUIRE(done);
  CAF_CHECK_EQUAL(done->profile, profile::audio);
  CAF_CHECK_EQUAL(size_of(picture()), "320x120");
  CAF_CHECK_EQUAL(nlohmann::json::parse(done->media)["audio_codec"].get<std::string>(), "aac");
}

CAF_TEST(the poster is at most 1920 pixels long and stills are as many as asked for) {
  options.video.stills = 3;
  const auto file = make("big.mp4", "-f lavfi -i testsrc2=s=2560x1440:d=0.4 -preset ultrafast");
  const auto done = run(job_kind::video_screenshots, "video/mp4", file);
  CAF_REQUIRE(done);
  std::vector<std::string> names;
  for (const auto& made : done->files)
    names.push_back(made.name);
  const std::vector<std::string> expected{"poster.jpg",  "still-1.jpg", "still-2.jpg",
                                          "still-3.jpg", "motion.webp", "sprite.jpg",
                                          "sprite.vtt"};
  CAF_CHECK_EQUAL(names, expected);
  CAF_CHECK_EQUAL(size_of(output() / "poster.jpg"), "1920x1080");
  CAF_CHECK_EQUAL(size_of(output() / "still-3.jpg"), "1920x1080");
}

CAF_TEST(stills are evenly spread even where keyframes are rare) {
  // Grey that rises by 25 a second.
  const auto file =
    make("rise.mp4", "-f lavfi -i color=black:s=160x90:d=8 -vf \"geq=lum='16+T*25':cb=128:cr=128\" "
                     "-preset ultrafast -g 999 -color_range tv");
  options.video.stills = 4;
  CAF_REQUIRE_EQUAL(outcome(job_kind::video_screenshots, "video/mp4", file), "ok");
  for (int i = 0; i < 4; ++i) {
    const auto still = output() / ("still-" + std::to_string(i + 1) + ".jpg");
    const double luma = (2 * i + 1) * 25 * 255.0 / 219;
    CAF_CHECK_LESS(std::abs(colour_at(still, 0, 0, 1, 1).g - luma), 6.0);
  }
}

CAF_TEST(stills of a video whose sound goes on are all of the picture) {
  const auto file =
    make("long.mp4", "-f lavfi -i smptebars=s=160x90:d=1 -f lavfi -i sine=d=6 -preset ultrafast");
  CAF_CHECK_EQUAL(outcome(job_kind::video_screenshots, "video/mp4", file), "ok");
  CAF_CHECK(std::filesystem::exists(output() / "still-4.jpg"));
}

CAF_TEST(fitting keeps both sides even and never enlarges) {
  using media::extent;
  using media::av::fit_short_side;
  CAF_CHECK(fit_short_side({1920, 1080}, 1080) == (extent{1920, 1080}));
  CAF_CHECK(fit_short_side({3840, 2160}, 1080) == (extent{1920, 1080}));
  CAF_CHECK(fit_short_side({1080, 2400}, 720) == (extent{720, 1600}));
  CAF_CHECK(fit_short_side({641, 359}, 1080) == (extent{640, 358}));
  CAF_CHECK(fit_short_side({1, 1}, 1080) == (extent{2, 2}));
  CAF_CHECK(fit_short_side({32'768, 1'000}, 1080) == (extent{8'192, 250}));
}

CAF_TEST_FIXTURE_SCOPE_END()
