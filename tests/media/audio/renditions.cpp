#define CAF_SUITE media_audio_renditions

#include "tests/media/support/av_media.hpp"

#include <cmath>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using media::job_kind;

namespace {

struct fixture : tests::av_fixture {
  nlohmann::json facts_of(const std::filesystem::path& file, const std::string& media_type) {
    const auto done = run(job_kind::audio_renditions, media_type, file);
    if (!done)
      return to_string(done.error().code);
    return nlohmann::json::parse(done->media);
  }

  nlohmann::json made(const std::string& name) const {
    return probe(output() / name)["streams"][0];
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(audio_renditions_tests, fixture)

CAF_TEST(a sound becomes AAC of the same length) {
  const auto file = make("a.flac", "-f lavfi -i sine=r=44100:d=3");
  CAF_REQUIRE(run(job_kind::audio_renditions, "audio/flac", file));
  CAF_CHECK_EQUAL(made("audio.m4a")["codec_name"].get<std::string>(), "aac");
  CAF_CHECK_LESS(std::abs(duration_of(output() / "audio.m4a") - 3), 0.05);
}

CAF_TEST(a sound becomes Opus in WebM where that is wanted) {
  options.audio.format = "opus";
  const auto file = make("a.mp3", "-f lavfi -i sine=r=44100:d=3");
  CAF_REQUIRE(run(job_kind::audio_renditions, "audio/mpeg", file));
  CAF_CHECK_EQUAL(made("audio.webm")["codec_name"].get<std::string>(), "opus");
  CAF_CHECK_LESS(std::abs(duration_of(output() / "audio.webm") - 3), 0.05);
}

CAF_TEST(the waveform has the shape of the sound) {
  const auto file =
    make("a.wav", "-f lavfi -i sine=d=4 -af \"volume='if(lt(t,2),0,1)':eval=frame\"");
  CAF_REQUIRE(run(job_kind::audio_renditions, "audio/wav", file));
  const auto wave = nlohmann::json::parse(bytes_of(output() / "waveform.json"));
  const auto peaks = wave["peaks"].get<std::vector<int>>();
  CAF_REQUIRE_EQUAL(peaks.size(), 1000U);
  CAF_CHECK_LESS(peaks[200], 5);
  CAF_CHECK_GREATER(peaks[800], 100);
}

CAF_TEST(loudness is that of the standard) {
  // EBU Tech 3341, case 1: a stereo sine of 1 kHz at -23 dBFS is -23 LUFS.
  const auto file = make("a.wav", "-f lavfi -i \"aevalsrc='0.0708*sin(2*PI*1000*t)|0.0708*sin(2*PI*"
                                  "1000*t)':s=48000:d=6\"");
  const auto facts = facts_of(file, "audio/wav");
  CAF_CHECK_LESS(std::abs(facts["loudness"]["integrated"].get<double>() + 23), 0.15);
  CAF_CHECK_LESS(std::abs(facts["loudness"]["true_peak"].get<double>() + 23), 0.3);
}

CAF_TEST(silence has no loudness) {
  const auto facts = facts_of(make("a.wav", "-f lavfi -i anullsrc=d=3"), "audio/wav");
  CAF_CHECK(facts.is_object() && !facts.contains("loudness"));
}

CAF_TEST(a sound that was cut is corrupt and leaves nothing) {
  const auto file = cut(make("a.wav", "-f lavfi -i sine=d=10"), 0.5);
  CAF_CHECK_EQUAL(outcome(job_kind::audio_renditions, "audio/wav", file), "corrupt_media");
  CAF_CHECK(std::filesystem::is_empty(output()));
}

CAF_TEST(the cover is the preview) {
  const auto file = make("a.mp3", "-f lavfi -i sine=d=2 -f lavfi -i color=red:s=600x400:d=1 -map 0 "
                                  "-map 1 -frames:v 1 -c:v mjpeg -disposition:v attached_pic");
  const auto done = run(job_kind::audio_preview, "audio/mpeg", file);
  CAF_REQUIRE(done);
  CAF_CHECK_EQUAL(done->files.front().width, 320U);
  CAF_CHECK_EQUAL(done->files.front().height, 213U);
  CAF_CHECK(is_red(colour_at(output() / "preview.webp", 0, 0, 1, 1)));
}

CAF_TEST_FIXTURE_SCOPE_END()
