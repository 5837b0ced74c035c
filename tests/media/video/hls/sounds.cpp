#define CAF_SUITE media_video_hls_sounds

#include "tests/media/support/av_media.hpp"

#include <algorithm>
#include <utility>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using media::job_kind;
using nlohmann::json;

namespace {

constexpr auto hears_low = "lowpass=f=600:p=2";
constexpr auto hears_high = "highpass=f=1500:p=2";

struct fixture : tests::av_fixture {
  /// A picture with a low tone in German and a high one in English, which is the default.
  std::filesystem::path two_languages(const std::string& codec) const {
    return make("clip.mkv",
                "-f lavfi -i testsrc2=s=320x180:r=25:d=3 -f lavfi -i sine=f=300:d=3 -f lavfi -i "
                "sine=f=3000:d=3 -map 0 -map 1 -map 2 -c:v libx264 -preset ultrafast -pix_fmt "
                "yuv420p -g 50 -c:a "
                  + codec
                  + " -metadata:s:a:0 language=ger -metadata:s:a:1 language=eng -metadata:s:a:1 "
                    "title=Original -disposition:a:0 0 -disposition:a:1 default");
  }

  /// The mean level of @p file's sound behind @p filter, dB.
  static double level(const std::filesystem::path& file, const std::string& filter) {
    const std::string any_name = file.extension() == ".m3u8" ? "-allowed_extensions ALL " : "";
    const auto heard =
      printed("ffmpeg -nostdin -hide_banner " + any_name + "-i '" + file.string()
              + "' -map 0:a:0 -af " + filter + ",volumedetect -f null - 2>&1 | grep mean_volume");
    const std::string label = "mean_volume:";
    return std::stod(heard.substr(heard.find(label) + label.size()));
  }

  static bool is_high(const std::filesystem::path& file) {
    return level(file, hears_high) > level(file, hears_low) + 20;
  }

  static int sounds_in(const std::filesystem::path& file) {
    return static_cast<int>(probe(file, "-select_streams a")["streams"].size());
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(video_sounds_tests, fixture)

CAF_TEST(the default one of two languages is kept however the video is made) {
  const std::vector<std::pair<std::string, std::string>> ways{{"aac", "remux"}, {"flac", "audio"}};
  for (const auto& [codec, method] : ways) {
    const auto done =
      run(job_kind::video_compress, "video/x-matroska", two_languages(codec + " -ac 2"));
    CAF_REQUIRE(done);
    const auto facts = json::parse(done->media);
    CAF_CHECK_EQUAL(facts["compressed"]["method"], method);
    CAF_CHECK_EQUAL(sounds_in(output() / "video.mp4"), 1);
    CAF_CHECK(is_high(output() / "video.mp4"));
  }
  options.video.remux = false;
  CAF_REQUIRE(run(job_kind::video_compress, "video/x-matroska", root.path / "clip.mkv"));
  CAF_CHECK_EQUAL(sounds_in(output() / "video.mp4"), 1);
  CAF_CHECK(is_high(output() / "video.mp4"));
}

CAF_TEST(every track is named and the kept one is marked) {
  const auto done = run(job_kind::video_compress, "video/x-matroska", two_languages("aac -ac 2"));
  CAF_REQUIRE(done);
  const json expected{
    {{"codec", "aac"}, {"language", "ger"}, {"title", nullptr}, {"channels", 2}, {"kept", false}},
    {{"codec", "aac"},
     {"language", "eng"},
     {"title", "Original"},
     {"channels", 2},
     {"kept", true}}};
  const auto found = json::parse(done->media)["sounds"];
  CAF_CHECK_EQUAL(found, expected);
}

CAF_TEST(a single sound is not worth a list) {
  const auto file = make("clip.mp4", "-f lavfi -i testsrc2=s=320x180:r=25:d=1 -f lavfi -i sine=d=1 "
                                     "-preset ultrafast -pix_fmt yuv420p");
  const auto done = run(job_kind::video_compress, "video/mp4", file);
  CAF_REQUIRE(done);
  CAF_CHECK(!json::parse(done->media).contains("sounds"));
}

CAF_TEST(a ladder for streaming offers each language and begins with the default one) {
  options.video.hls = true;
  options.video.hls_sides = {180};
  CAF_REQUIRE(run(job_kind::video_stream, "video/x-matroska", two_languages("aac")));
  const auto master = bytes_of(output() / "hls.m3u8");
  const auto has = [&](const std::string& line) {
    return master.find("#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"sound\"," + line + "\n")
           != std::string::npos;
  };
  CAF_CHECK(has("NAME=\"Original\",LANGUAGE=\"eng\",DEFAULT=YES,AUTOSELECT=YES,"
                "URI=\"hls-audio.m3u8\""));
  CAF_CHECK(has("NAME=\"ger\",LANGUAGE=\"ger\",DEFAULT=NO,AUTOSELECT=YES,"
                "URI=\"hls-audio-2.m3u8\""));
  CAF_CHECK(is_high(output() / "hls-audio.m3u8"));
  CAF_CHECK(!is_high(output() / "hls-audio-2.m3u8"));
  // A player that is not ours finds both.
  const auto found = probe(output() / "hls.m3u8", "-allowed_extensions ALL -select_streams a");
  CAF_CHECK_EQUAL(found["streams"].size(), 2U);
}

CAF_TEST(more than eight tracks are not streamed and no two have one name) {
  options.video.hls = true;
  options.video.hls_sides = {180};
  std::string maps;
  for (int i = 0; i < 9; ++i)
    maps += " -map 1";
  const auto file =
    make("clip.mkv", "-f lavfi -i testsrc2=s=320x180:r=25:d=1 -f lavfi -i sine=d=1 "
                     "-map 0"
                       + maps + " -preset ultrafast -pix_fmt yuv420p -c:a pcm_s16le");
  const auto done = run(job_kind::video_stream, "video/x-matroska", file);
  CAF_REQUIRE(done);
  const auto tracks = std::count_if(done->files.begin(), done->files.end(),
                                    [](const auto& f) { return f.media_type == "audio/mp4"; });
  CAF_CHECK_EQUAL(tracks, 8);
  const auto master = bytes_of(output() / "hls.m3u8");
  for (const auto* name : {"NAME=\"sound\"", "NAME=\"sound 2\"", "NAME=\"sound 8\""})
    CAF_CHECK_EQUAL(master.find(name), master.rfind(name));
  CAF_CHECK_NOT_EQUAL(master.find("NAME=\"sound 8\""), std::string::npos);
  CAF_CHECK_EQUAL(master.find("NAME=\"sound 9\""), std::string::npos);
}

CAF_TEST(a second track without a packet is left out) {
  options.video.hls = true;
  options.video.hls_sides = {180};
  const auto file =
    make("clip.mkv", "-f lavfi -i testsrc2=s=320x180:r=25:d=2 -f lavfi -i sine=d=2 -f lavfi -i "
                     "anullsrc=d=2 -map 0 -map 1 -map 2 -preset ultrafast -pix_fmt yuv420p -c:a "
                     "pcm_s16le -bsf:a:1 noise=drop=1");
  const auto done = run(job_kind::video_stream, "video/x-matroska", file);
  CAF_REQUIRE(done);
  CAF_CHECK(!std::filesystem::exists(output() / "hls-audio-2.mp4"));
  CAF_CHECK_EQUAL(done->files.front().name, "hls-audio.mp4");
}

CAF_TEST_FIXTURE_SCOPE_END()
