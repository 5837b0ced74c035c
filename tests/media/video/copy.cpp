#define CAF_SUITE media_video_copy

#include "tests/media/support/av_media.hpp"

#include <cmath>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using media::job_kind;

namespace {

constexpr auto picture = "-f lavfi -i testsrc2=s=320x180:r=25:d=3 ";
constexpr auto picture_and_sound =
  "-f lavfi -i testsrc2=s=320x180:r=25:d=3 -f lavfi -i sine=r=48000:d=3 ";
constexpr auto web = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -bf 2 -g 50 ";
constexpr double frame_s = 1.0 / 25;

struct fixture : tests::av_fixture {
  std::filesystem::path made() const {
    return output() / "video.mp4";
  }

  /// The method by which the record says that it was compressed, or how it failed.
  std::string method(const std::filesystem::path& file,
                     const std::string& media_type = "video/mp4") {
    const auto done = run(job_kind::video_compress, media_type, file);
    if (!done)
      return to_string(done.error().code);
    return nlohmann::json::parse(done->media)["compressed"]["method"].get<std::string>();
  }

  std::string method_of(const std::string& name, const std::string& media_type,
                        const std::string& arguments) {
    return method(make(name, arguments), media_type);
  }

  /// A digest of each decoded stream: two files with the same one look and sound alike.
  static std::string heard_and_seen(const std::filesystem::path& file, const char* stream) {
    return printed("ffmpeg -nostdin -v error -i '" + file.string() + "' -map 0:" + stream
                   + " -f md5 -");
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(video_copy_tests, fixture)

CAF_TEST(a video that browsers play is moved and not encoded) {
  const auto file = make("clip.mp4", std::string{picture_and_sound} + web);
  CAF_REQUIRE_EQUAL(method(file), "remux");
  CAF_CHECK_EQUAL(heard_and_seen(made(), "v"), heard_and_seen(file, "v"));
  CAF_CHECK_EQUAL(heard_and_seen(made(), "a"), heard_and_seen(file, "a"));
  CAF_CHECK_LESS(std::abs(duration_of(made()) - duration_of(file)), frame_s);
  const auto bytes = bytes_of(made());
  CAF_CHECK_LESS(bytes.find("moov"), bytes.find("mdat"));
}

CAF_TEST(other containers with the same inside are moved into an mp4) {
  for (const auto& [name, type] : {std::pair{"clip.mkv", "video/x-matroska"},
                                   {"clip.ts", "video/mp2t"},
                                   {"clip.flv", "video/x-flv"},
                                   {"clip.mov", "video/quicktime"}}) {
    const auto file = make(name, std::string{picture_and_sound} + web + "-c:a aac -ar 44100");
    CAF_CHECK_EQUAL(method(file, type), "remux");
    CAF_CHECK_EQUAL(heard_and_seen(made(), "v"), heard_and_seen(file, "v"));
    CAF_CHECK_LESS(std::abs(duration_of(made()) - 3), 2 * frame_s);
  }
}

CAF_TEST(a large video is moved with its index in front and hardly grows) {
  const auto file =
    make("clip.mp4", "-f lavfi -i testsrc2=s=1280x720:r=25:d=6,noise=alls=40:allf=t "
                     "-f lavfi -i sine=r=48000:d=6 -c:v libx264 -preset ultrafast "
                     "-pix_fmt yuv420p -g 50 -b:v 9M -maxrate 9M -bufsize 9M");
  CAF_REQUIRE_EQUAL(method(file), "remux");
  const auto bytes = bytes_of(made());
  CAF_CHECK_LESS(bytes.find("moov"), bytes.find("mdat"));
  CAF_CHECK_NOT_EQUAL(bytes.substr(0, bytes.find("mdat")).find("free"), std::string::npos);
  CAF_CHECK_LESS(static_cast<double>(bytes.size()),
                 1.006 * static_cast<double>(std::filesystem::file_size(file)));
  CAF_CHECK_EQUAL(heard_and_seen(made(), "v"), heard_and_seen(file, "v"));
  CAF_CHECK_EQUAL(heard_and_seen(made(), "a"), heard_and_seen(file, "a"));
}

CAF_TEST(a video without sound is moved without) {
  CAF_CHECK_EQUAL(method_of("clip.mp4", "video/mp4", std::string{picture} + web), "remux");
  CAF_CHECK_EQUAL(probe(made())["streams"].size(), 1U);
}

CAF_TEST(only the sound is encoded where only the sound is not for browsers) {
  for (const auto* sound : {"pcm_s16le", "ac3", "flac", "libopus"}) {
    const auto file = make("clip.mkv", std::string{picture_and_sound} + web + "-c:a " + sound);
    CAF_CHECK_EQUAL(method(file, "video/x-matroska"), "audio");
    CAF_CHECK_EQUAL(heard_and_seen(made(), "v"), heard_and_seen(file, "v"));
    CAF_CHECK_EQUAL(
      probe(made(), "-select_streams a")["streams"][0]["codec_name"].get<std::string>(), "aac");
    CAF_CHECK_LESS(std::abs(duration_of(made()) - 3), 2 * frame_s);
  }
}

CAF_TEST(sound in more than two channels is encoded) {
  CAF_CHECK_EQUAL(method_of("clip.mp4", "video/mp4",
                            std::string{picture}
                              + "-f lavfi -i "
                                "'sine=d=3,pan=5.1|FL=c0|FR=c0|FC=c0|LFE=c0|BL=c0|BR=c0' -c:a aac "
                              + web),
                  "audio");
}

CAF_TEST(what browsers do not play is encoded) {
  const auto of = [&](const std::string& name, const std::string& type, const std::string& how) {
    return method_of(name, type, picture + how);
  };
  CAF_CHECK_EQUAL(of("a.mp4", "video/mp4",
                     "-c:v libx265 -x265-params log-level=error -preset "
                     "ultrafast"),
                  "encode");
  CAF_CHECK_EQUAL(of("b.mp4", "video/mp4", "-pix_fmt yuv422p -preset ultrafast"), "encode");
  CAF_CHECK_EQUAL(of("c.mp4", "video/mp4", "-pix_fmt yuv420p10le -preset ultrafast"), "encode");
  CAF_CHECK_EQUAL(of("d.mp4", "video/mp4",
                     "-pix_fmt yuv420p -preset ultrafast -flags +ildct+ilme "
                     "-top 1"),
                  "encode");
  CAF_CHECK_EQUAL(of("e.avi", "video/x-msvideo", "-c:v mpeg4"), "encode");
}

CAF_TEST(a turned video is encoded upright) {
  CAF_CHECK_EQUAL(method(turned(make("flat.mp4", std::string{picture} + web), 90)), "encode");
}

CAF_TEST(a video larger than the options allow is encoded) {
  const auto file = make("clip.mp4", std::string{picture} + web);
  options.video.max_short_side = 144;
  CAF_CHECK_EQUAL(method(file), "encode");
  options.video.max_short_side = 180;
  CAF_CHECK_EQUAL(method(file), "remux");
  options.video.max_kbps = 100;
  CAF_CHECK_EQUAL(method(file), "encode");
}

CAF_TEST(a video with keyframes too far apart for seeking is encoded) {
  const auto arguments = std::string{"-f lavfi -i testsrc2=s=160x90:r=10:d=14 -preset ultrafast "
                                     "-pix_fmt yuv420p -sc_threshold 0 -g "};
  CAF_CHECK_EQUAL(method_of("far.mp4", "video/mp4", arguments + "999"), "encode");
  CAF_CHECK_EQUAL(method_of("near.mp4", "video/mp4", arguments + "99"), "remux");
}

CAF_TEST(a beginning that an edit list hides is gone) {
  const auto whole = make("clip.mp4", std::string{picture_and_sound} + web);
  CAF_REQUIRE_EQUAL(
    method_of("edited.mp4", "video/mp4", "-ss 1.3 -i '" + whole.string() + "' -c copy"), "encode");
  CAF_CHECK_LESS(std::abs(duration_of(made()) - 1.7), 2 * frame_s);
}

CAF_TEST(a moved video has none of the metadata) {
  const auto file =
    make("clip.mp4", std::string{picture_and_sound} + web
                       + "-metadata title=Secret -metadata location=+48.8584+002.2945/ "
                         "-metadata:s:v:0 handler_name=Mine -movflags use_metadata_tags");
  CAF_REQUIRE_EQUAL(method(file), "remux");
  const auto bytes = bytes_of(made());
  for (const auto* word : {"Secret", "48.8584", "Mine", "Lavf"})
    CAF_CHECK_EQUAL(bytes.find(word), std::string::npos);
}

CAF_TEST(an encoded video has no higher bit rate than its source) {
  const auto file =
    make("clip.mp4", "-f lavfi -i testsrc2=s=640x360:r=25:d=10,noise=alls=30:allf=t "
                     "-preset veryfast -b:v 400k -maxrate 400k -bufsize 400k");
  options.video.remux = false;
  options.video.crf = 10;
  CAF_REQUIRE_EQUAL(method(file), "encode");
  CAF_CHECK_LESS(static_cast<double>(std::filesystem::file_size(made())),
                 1.15 * static_cast<double>(std::filesystem::file_size(file)));
}

CAF_TEST_FIXTURE_SCOPE_END()
