#define CAF_SUITE media_audio_preview

#include "media/audio/waveform.hpp"
#include "tests/media/support/av_media.hpp"

#include <cmath>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using media::job_kind;

namespace {

struct fixture : tests::av_fixture {
  nlohmann::json facts; ///< Facts of the newest preview.

  std::filesystem::path picture() const {
    return output() / "preview.webp";
  }

  std::string preview(const std::filesystem::path& file, const std::string& media_type) {
    const auto done = run(job_kind::audio_preview, media_type, file);
    if (!done)
      return to_string(done.error().code);
    facts = nlohmann::json::parse(done->media);
    return "ok";
  }

  /// Makes a sound of two seconds and its preview. @returns its codec, or how it failed.
  std::string codec_of(const std::string& name, const std::string& media_type,
                       const std::string& arguments = "") {
    const auto ended =
      preview(make(name, "-f lavfi -i sine=r=44100:d=2 -ac 2 " + arguments), media_type);
    if (ended != "ok")
      return ended;
    if (std::abs(facts["duration"].get<double>() - 2) > 0.1)
      return "a wrong duration: " + facts.dump();
    return facts["audio_codec"];
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(audio_preview_tests, fixture)

CAF_TEST(every usual format is heard) {
  CAF_CHECK_EQUAL(codec_of("a.mp3", "audio/mpeg"), "mp3");
  CAF_CHECK_EQUAL(codec_of("a.wav", "audio/wav"), "pcm_s16le");
  CAF_CHECK_EQUAL(codec_of("a.flac", "audio/flac"), "flac");
  CAF_CHECK_EQUAL(codec_of("a.ogg", "audio/ogg", "-c:a libvorbis"), "vorbis");
  CAF_CHECK_EQUAL(codec_of("b.ogg", "audio/ogg", "-c:a libopus"), "opus");
  CAF_CHECK_EQUAL(codec_of("a.m4a", "audio/mp4"), "aac");
  CAF_CHECK_EQUAL(codec_of("a.aac", "audio/aac"), "aac");
  CAF_CHECK_EQUAL(codec_of("a.aiff", "audio/aiff"), "pcm_s16be");
  CAF_CHECK_EQUAL(codec_of("a.mka", "audio/x-matroska", "-c:a flac"), "flac");
}

CAF_TEST(the facts say what the sound is) {
  codec_of("a.wav", "audio/wav");
  CAF_CHECK_EQUAL(facts["sample_rate"].get<int>(), 44100);
  CAF_CHECK_EQUAL(facts["channels"].get<int>(), 2);
  CAF_CHECK_EQUAL(facts["bit_rate"].get<int>() / 1000, 1411);
  CAF_CHECK_EQUAL(facts["tags"].dump(), "{}");
}

CAF_TEST(tags are kept wherever the format has them) {
  const std::string tagged =
    "-f lavfi -i sine=d=1 -metadata title=Lied -metadata artist=Chor -metadata album=Platte "
    "-metadata date=1999 -metadata comment=private ";
  const auto expected = R"({"album":"Platte","artist":"Chor","date":"1999","title":"Lied"})";
  CAF_CHECK_EQUAL(preview(make("a.mp3", tagged), "audio/mpeg"), "ok");
  CAF_CHECK_EQUAL(facts["tags"].dump(), expected);
  CAF_CHECK_EQUAL(preview(make("a.ogg", tagged), "audio/ogg"), "ok");
  CAF_CHECK_EQUAL(facts["tags"].dump(), expected);
  CAF_CHECK_EQUAL(preview(make("a.m4a", tagged), "audio/mp4"), "ok");
  CAF_CHECK_EQUAL(facts["tags"].dump(), expected);
}

CAF_TEST(tags that are not UTF 8 do not spoil the facts) {
  auto bytes = bytes_of(make("a.flac", "-f lavfi -i sine=d=1 -metadata title=Latin"));
  bytes.replace(bytes.find("Latin"), 5, "L\xE4tin");
  CAF_REQUIRE_EQUAL(preview(write("b.flac", bytes), "audio/flac"), "ok");
  CAF_CHECK_EQUAL(facts["tags"]["title"].get<std::string>(), "L\xEF\xBF\xBDtin");
}

CAF_TEST(cover art does not hide the sound) {
  const auto file =
    make("song.mp3",
         "-f lavfi -i sine=d=1 -f lavfi -i testsrc2=s=100x100:r=10:d=0.1 -map 0 -map 1 -frames:v 1 "
         "-c:v mjpeg -disposition:v attached_pic");
  CAF_CHECK_EQUAL(preview(file, "audio/mpeg"), "ok");
}

CAF_TEST(the picture shows where the sound is loud) {
  // A quiet second, then a loud one.
  CAF_REQUIRE_EQUAL(
    preview(make("a.wav", "-f lavfi -i \"aevalsrc='gt(t,1)*0.9*sin(2000*t)':d=2\""), "audio/wav"),
    "ok");
  const auto quiet = colour_at(picture(), 0, 1, 2, 4);
  const auto loud = colour_at(picture(), 1, 1, 2, 4);
  CAF_CHECK_GREATER(quiet.g, 230);
  CAF_CHECK_LESS(loud.g, 190);
}

CAF_TEST(silence has a picture) {
  CAF_CHECK_EQUAL(preview(make("a.wav", "-f lavfi -i anullsrc -t 1"), "audio/wav"), "ok");
}

CAF_TEST(sound that was cut is corrupt) {
  const std::string tone = "-f lavfi -i sine=d=10 ";
  CAF_CHECK_EQUAL(preview(cut(make("a.wav", tone), 0.6), "audio/wav"), "corrupt_media");
  CAF_CHECK_EQUAL(preview(cut(make("a.flac", tone), 0.6), "audio/flac"), "corrupt_media");
  CAF_CHECK_EQUAL(preview(cut(make("a.mp3", tone), 0.6), "audio/mpeg"), "corrupt_media");
  CAF_CHECK_EQUAL(preview(cut(make("a.m4a", tone), 0.6), "audio/mp4"), "corrupt_media");
}

CAF_TEST(a wav that was written to a pipe is sound) {
  printed("ffmpeg -nostdin -v error -f lavfi -i sine=d=2 -f wav - > '"
          + (root.path / "pipe.wav").string() + "'");
  CAF_CHECK_EQUAL(preview(root.path / "pipe.wav", "audio/wav"), "ok");
  CAF_CHECK_LESS(std::abs(facts["duration"].get<double>() - 2), 0.1);
}

CAF_TEST(a wav that claims two gigabytes because nobody knew better is sound) {
  auto bytes = bytes_of(make("a.wav", "-f lavfi -i sine=d=2 -bitexact"));
  bytes.replace(bytes.find("data") + 4, 4, "\xD8\xFF\xFF\x7F");
  CAF_CHECK_EQUAL(preview(write("b.wav", bytes), "audio/wav"), "ok");
}

CAF_TEST(a longer sound than allowed is too large) {
  options.limits.max_duration_s = 1;
  CAF_CHECK_EQUAL(preview(make("a.flac", "-f lavfi -i sine=d=2"), "audio/flac"), "too_large");
}

CAF_TEST(a waveform of any length falls into equal stretches) {
  media::waveform wave;
  const std::vector<float> quiet(1'000'000, 0.25F);
  const std::vector<float> loud(1'000'000, -0.5F);
  wave.add(quiet, {});
  wave.add(loud, {});
  const auto bars = wave.bars(4);
  CAF_REQUIRE_EQUAL(bars.size(), 4U);
  CAF_CHECK_EQUAL(bars[0].peak, 0.25F);
  CAF_CHECK_LESS(std::abs(bars[1].rms - 0.25F), 0.01F);
  CAF_CHECK_EQUAL(bars[3].peak, 0.5F);
  CAF_CHECK_EQUAL(bars[3].rms, 0.5F);
}

CAF_TEST(samples that are no numbers are silent) {
  media::waveform wave;
  const std::vector<float> broken{NAN, INFINITY, -INFINITY, 1e30F};
  wave.add(broken, broken);
  const auto bars = wave.bars(2);
  CAF_CHECK_EQUAL(bars[0].peak, 1.0F);
  CAF_CHECK(std::isfinite(bars[0].rms));
}

CAF_TEST(a sound says what it is called and who made it and when) {
  const auto tags = "-f lavfi -i sine=d=1 -metadata 'title=Low tide' -metadata artist=Mia "
                    "-metadata:s:a language=deu ";
  preview(make("song.m4a", std::string{tags} + "-metadata creation_time=2024-05-01T10:34:56Z"),
          "audio/mp4");
  CAF_CHECK_EQUAL(facts["title"].get<std::string>(), "Low tide");
  CAF_CHECK_EQUAL(facts["author"].get<std::string>(), "Mia");
  CAF_CHECK_EQUAL(facts["language"].get<std::string>(), "deu");
  CAF_CHECK_EQUAL(facts["taken_at"].get<std::string>(), "2024-05-01T10:34:56.000Z");
  preview(make("song.ogg", std::string{tags} + "-c:a libvorbis -ac 2"), "audio/ogg");
  CAF_CHECK_EQUAL(facts["title"].get<std::string>(), "Low tide");
  CAF_CHECK_EQUAL(facts["author"].get<std::string>(), "Mia");
}

CAF_TEST_FIXTURE_SCOPE_END()
