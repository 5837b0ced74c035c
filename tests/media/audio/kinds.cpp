#define CAF_SUITE media_audio_kinds

#include "tests/media/support/av_media.hpp"

#include <cmath>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using media::job_kind;

namespace {

struct fixture : tests::av_fixture {
  nlohmann::json facts; ///< Of the newest sound, as its record has them in the end.

  /// Both jobs of a sound of @p seconds. @returns its codec, or what is wrong.
  std::string heard(const std::filesystem::path& file, const std::string& media_type,
                    double seconds, double tolerance = 0.1) {
    facts = nlohmann::json::object();
    for (const auto kind : {job_kind::audio_preview, job_kind::audio_renditions}) {
      const auto done = run(kind, media_type, file);
      if (!done)
        return std::string{to_string(kind)} + ": " + done.error().detail;
      facts.update(nlohmann::json::parse(done->media));
      if (std::abs(facts["duration"].get<double>() - seconds) > tolerance)
        return std::string{to_string(kind)} + " has a wrong duration: " + facts.dump();
    }
    if (std::abs(duration_of(output() / "audio.m4a") - seconds) > tolerance + 0.05)
      return "audio.m4a is too long or too short";
    return facts["audio_codec"];
  }

  std::string tone(const std::string& name, const std::string& media_type,
                   const std::string& arguments = "", const std::string& seconds = "1") {
    return heard(make(name, "-f lavfi -i sine=r=44100:d=" + seconds + " " + arguments), media_type,
                 std::stod(seconds));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(audio_kinds_tests, fixture)

CAF_TEST(every kind of sound that this FFmpeg writes is heard) {
  CAF_CHECK_EQUAL(tone("a.wv", "audio/x-wavpack", "-ac 2"), "wavpack");
  CAF_CHECK_EQUAL(tone("a.tta", "audio/x-tta"), "tta");
  CAF_CHECK_EQUAL(tone("a.au", "audio/basic"), "pcm_s16be");
  CAF_CHECK_EQUAL(tone("b.au", "audio/basic", "-c:a pcm_mulaw"), "pcm_mulaw");
  CAF_CHECK_EQUAL(tone("a.ac3", "audio/ac3", "-ac 6"), "ac3");
  CAF_CHECK_EQUAL(tone("a.eac3", "audio/eac3", "-ac 2"), "eac3");
  CAF_CHECK_EQUAL(tone("a.dts", "audio/vnd.dts", "-ac 2 -strict -2 -c:a dca"), "dts");
  CAF_CHECK_EQUAL(tone("a.w64", "audio/x-w64"), "pcm_s16le");
  CAF_CHECK_EQUAL(tone("a.mp2", "audio/mpeg"), "mp2");
  CAF_CHECK_EQUAL(tone("a.wma", "audio/x-ms-wma"), "wmav2");
}

CAF_TEST(ADPCM in a WAV is as long as it sounds) {
  CAF_CHECK_EQUAL(tone("a.wav", "audio/wav", "-ar 8000 -c:a adpcm_ima_wav", "2"), "adpcm_ima_wav");
  CAF_CHECK_EQUAL(tone("b.wav", "audio/wav", "-ar 8000 -c:a adpcm_ms", "2"), "adpcm_ms");
  CAF_CHECK_EQUAL(tone("c.wav", "audio/wav", "-ar 44100 -ac 2 -c:a adpcm_ms", "2"), "adpcm_ms");
  CAF_CHECK_EQUAL(tone("d.wav", "audio/wav", "-ar 8000 -c:a adpcm_yamaha", "2.048"),
                  "adpcm_yamaha");
  CAF_CHECK_EQUAL(tone("e.wav", "audio/wav", "-ar 8000 -c:a pcm_mulaw", "2"), "pcm_mulaw");
  CAF_CHECK_EQUAL(tone("f.wav", "audio/wav", "-c:a libmp3lame -q:a 9", "2"), "mp3");
}

CAF_TEST(what fills the last block of ADPCM is not heard) {
  // 8 blocks of 2041 samples each.
  auto bytes = bytes_of(make("a.wav", "-f lavfi -i sine=r=8000:d=2 -c:a adpcm_ima_wav -bitexact"));
  bytes.replace(bytes.find("fact") + 8, 4, "\x80\x3E\0\0", 4); // 16,000
  CAF_CHECK_EQUAL(heard(write("filled.wav", bytes), "audio/wav", 2, 0.001), "adpcm_ima_wav");
  for (const auto* samples : {"\x40\x1F\0\0", "\0\x7D\0\0"}) { // no end within that block
    bytes.replace(bytes.find("fact") + 8, 4, samples, 4);
    CAF_CHECK_EQUAL(heard(write("lie.wav", bytes), "audio/wav", 2.041, 0.001), "adpcm_ima_wav");
  }
}

CAF_TEST(ADPCM that was cut is corrupt) {
  const auto file = make("a.wav", "-f lavfi -i sine=d=20 -c:a adpcm_ima_wav");
  CAF_CHECK_EQUAL(outcome(job_kind::audio_preview, "audio/wav", cut(file, 0.5)), "corrupt_media");
}

CAF_TEST(a header that lies about the length is not believed) {
  // fact says a tenth of the samples, and then ten times as many. MP3 adds some frames of its own.
  auto bytes = bytes_of(make("a.wav", "-f lavfi -i sine=r=8000:d=2 -c:a libmp3lame -bitexact"));
  for (const auto* samples : {"\x40\x06\0\0", "\0\x71\x02\0"}) {
    bytes.replace(bytes.find("fact") + 8, 4, samples, 4);
    CAF_CHECK_EQUAL(heard(write("lie.wav", bytes), "audio/wav", 2, 0.25), "mp3");
  }
}

CAF_TEST(sounds whose header is silent are measured) {
  CAF_CHECK_EQUAL(tone("a.aac", "audio/aac", "", "3"), "aac");
  CAF_CHECK_EQUAL(tone("a.mp3", "audio/mpeg", "-write_xing 0 -q:a 5", "3"), "mp3");
  // An AU that was written to a pipe does not know how long it is.
  printed("ffmpeg -nostdin -v error -f lavfi -i sine=d=3 -f au - > '"
          + (root.path / "pipe.au").string() + "'");
  CAF_CHECK_EQUAL(heard(root.path / "pipe.au", "audio/basic", 3), "pcm_s16be");
}

CAF_TEST(a sound with a cover has the length that its decoder finds) {
  auto bytes = bytes_of(
    make("a.mp3", "-f lavfi -i sine=d=5 -f lavfi -i testsrc2=s=100x100:r=10:d=0.1 -map 0 -map 1 "
                  "-c:v mjpeg -disposition:v attached_pic"));
  // Two songs in one file: the first one's header knows only of itself.
  bytes += bytes_of(make("b.mp3", "-f lavfi -i sine=d=5 -id3v2_version 0 -write_xing 0"));
  const auto file = write("two.mp3", bytes);
  const auto done = run(job_kind::audio_renditions, "audio/mpeg", file);
  CAF_REQUIRE(done);
  const auto found = nlohmann::json::parse(done->media)["duration"].get<double>();
  CAF_CHECK_LESS(std::abs(found - 10), 0.15);
}

CAF_TEST_FIXTURE_SCOPE_END()
