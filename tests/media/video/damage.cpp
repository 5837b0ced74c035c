#define CAF_SUITE media_video_damage

#include "tests/media/support/av_media.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using media::job_kind;

namespace {

constexpr auto clip =
  "-f lavfi -i testsrc2=s=320x180:r=25:d=5 -f lavfi -i sine=d=5 -preset ultrafast -g 25 ";

struct fixture : tests::av_fixture {
  std::string compress(const std::filesystem::path& file,
                       const std::string& media_type = "video/mp4") {
    return outcome(job_kind::video_compress, media_type, file);
  }

  /// @p file with every byte from @p from to @p to (0..1 of its length) turned over.
  std::filesystem::path scramble(const std::filesystem::path& file, double from, double to) const {
    auto bytes = bytes_of(file);
    const auto size = static_cast<double>(bytes.size());
    for (auto i = static_cast<std::size_t>(from * size); i < static_cast<std::size_t>(to * size);
         ++i)
      bytes[i] = static_cast<char>(~bytes[i]);
    return write("scrambled-" + file.filename().string(), bytes);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(video_damage_tests, fixture)

CAF_TEST(an mp4 cut before its index is corrupt for every job) {
  const auto file = cut(make("clip.mp4", clip), 0.6);
  CAF_CHECK_EQUAL(outcome(job_kind::video_preview, "video/mp4", file), "corrupt_media");
  CAF_CHECK_EQUAL(outcome(job_kind::video_screenshots, "video/mp4", file), "corrupt_media");
  CAF_CHECK_EQUAL(compress(file), "corrupt_media");
}

CAF_TEST(an mp4 with its index in front that was cut is corrupt and leaves nothing) {
  const auto file = cut(make("clip.mp4", std::string{clip} + "-movflags +faststart"), 0.6);
  CAF_CHECK_EQUAL(compress(file), "corrupt_media");
  CAF_CHECK(std::filesystem::is_empty(output()));
}

CAF_TEST(a matroska file that was cut is corrupt and leaves nothing) {
  const auto file = cut(make("clip.mkv", clip), 0.6);
  CAF_CHECK_EQUAL(compress(file, "video/x-matroska"), "corrupt_media");
  CAF_CHECK(std::filesystem::is_empty(output()));
}

CAF_TEST(a WebM that ends before its first picture is corrupt and no failing disk) {
  const auto whole = make(
    "clip.webm", "-f lavfi -i testsrc2=s=320x180:d=1 -c:v libvpx -deadline realtime -cpu-used 8");
  const auto file = write("cut.webm", bytes_of(whole).substr(0, 300));
  CAF_CHECK_EQUAL(outcome(job_kind::video_preview, "video/webm", file), "corrupt_media");
  CAF_CHECK_EQUAL(compress(file, "video/webm"), "corrupt_media");
}

CAF_TEST(an avi that was cut is corrupt) {
  const auto file = cut(make("clip.avi", std::string{clip} + "-c:v mpeg4"), 0.6);
  CAF_CHECK_EQUAL(compress(file, "video/x-msvideo"), "corrupt_media");
}

CAF_TEST(samples that are garbage are corrupt) {
  CAF_CHECK_EQUAL(
    compress(scramble(make("clip.mp4", std::string{clip} + "-movflags +faststart"), 0.4, 0.7)),
    "corrupt_media");
}

CAF_TEST(noise is corrupt) {
  const auto noise = printed("head -c 100000 /dev/urandom");
  CAF_CHECK_EQUAL(compress(write("noise.mp4", noise)), "corrupt_media");
}

CAF_TEST(a file without a decodable frame is corrupt) {
  const auto whole = make("clip.mp4", clip);
  const auto file =
    make("noise.mp4", "-i '" + whole.string() + "' -c copy -an -bsf:v noise=amount=1");
  CAF_CHECK_EQUAL(outcome(job_kind::video_preview, "video/mp4", file), "corrupt_media");
  CAF_CHECK_EQUAL(compress(file), "corrupt_media");
}

CAF_TEST(a few bytes missing at the end are no damage) {
  auto bytes = bytes_of(make("clip.mkv", clip));
  bytes.resize(bytes.size() - 200);
  CAF_CHECK_EQUAL(compress(write("nearly.mkv", bytes), "video/x-matroska"), "ok");
}

CAF_TEST(a sound file is not corrupt because its streams differ in length) {
  const auto longer_sound =
    make("a.mp4", "-f lavfi -i testsrc2=s=320x180:d=1 -f lavfi -i sine=d=6 -preset ultrafast");
  CAF_CHECK_EQUAL(compress(longer_sound), "ok");
  const auto longer_picture =
    make("b.mkv", "-f lavfi -i testsrc2=s=320x180:d=6 -f lavfi -i sine=d=1 -preset ultrafast");
  CAF_CHECK_EQUAL(compress(longer_picture, "video/x-matroska"), "ok");
  const auto longer_sound_mkv =
    make("c.mkv", "-f lavfi -i testsrc2=s=320x180:d=1 -f lavfi -i sine=d=6 -preset ultrafast");
  CAF_CHECK_EQUAL(compress(longer_sound_mkv, "video/x-matroska"), "ok");
}

CAF_TEST(a sound file is not corrupt because subtitles go on for longer) {
  const auto words = write("words.srt", "1\n00:00:00,500 --> 00:00:20,000\nStill talking\n\n");
  for (const auto* name : {"a.mkv", "a.mp4"}) {
    const auto file = make(name, "-f lavfi -i testsrc2=s=320x180:d=2 -i '" + words.string()
                                   + "' -preset ultrafast -c:s "
                                   + (std::string_view{name} == "a.mp4" ? "mov_text" : "srt"));
    CAF_CHECK_EQUAL(
      compress(file, std::string_view{name} == "a.mp4" ? "video/mp4" : "video/x-matroska"), "ok");
  }
}

CAF_TEST(a sound file is not corrupt because an edit list hides its beginning) {
  const auto whole = make("clip.mp4", clip);
  const auto file = make("edited.mp4", "-ss 1.3 -i '" + whole.string() + "' -c copy");
  CAF_CHECK_EQUAL(compress(file), "ok");
}

CAF_TEST(a sound file is not corrupt because it has pieces and B frames) {
  const auto file = make(
    "pieces.mp4", std::string{clip} + "-preset veryfast -bf 3 -movflags frag_keyframe+empty_moov");
  CAF_CHECK_EQUAL(compress(file), "ok");
}

CAF_TEST(a recording that begins in the middle is not corrupt) {
  const auto bytes = bytes_of(make("clip.ts", clip));
  const auto file =
    write("middle.ts", std::string_view{bytes}.substr(bytes.size() / 3 / 188 * 188));
  CAF_CHECK_EQUAL(compress(file, "video/mp2t"), "ok");
}

CAF_TEST(one picture a long time is not corrupt) {
  const auto file =
    make("slide.mp4", "-f lavfi -i smptebars=s=320x180:r=1/10:d=30 -preset ultrafast");
  CAF_CHECK_EQUAL(compress(file), "ok");
  const auto with_sound =
    make("slide.mkv", "-f lavfi -i smptebars=s=320x180:r=25 -f lavfi -i sine=d=20 -frames:v 1 "
                      "-preset ultrafast");
  CAF_CHECK_EQUAL(compress(with_sound, "video/x-matroska"), "ok");
}

CAF_TEST(a video that goes on past the longest duration is too large) {
  options.limits.max_duration_s = 1;
  const auto whole =
    make("clip.mkv", "-f lavfi -i testsrc2=s=320x180:d=2 -preset ultrafast -live 1");
  CAF_CHECK_EQUAL(compress(whole, "video/x-matroska"), "too_large");
  CAF_CHECK(std::filesystem::is_empty(output()));
}

CAF_TEST_FIXTURE_SCOPE_END()
