#define CAF_SUITE media_video_subtitles

#include "tests/media/support/av_media.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using media::job_kind;
using nlohmann::json;

namespace {

constexpr auto words = "1\n00:00:00,500 --> 00:00:01,500\nHello <i>you</i> & {\\an8}all --> <b>\n"
                       "second line\n\n2\n00:00:02,000 --> 00:00:03,250\nGr\xC3\xBC\xC3\x9F"
                       "e\n";
constexpr auto shown = "WEBVTT\n\n00:00:00.500 --> 00:00:01.500\nHello you &amp; all --&gt; \n"
                       "second line\n\n00:00:02.000 --> 00:00:03.250\nGr\xC3\xBC\xC3\x9F"
                       "e\n";
constexpr auto picture = "-f lavfi -i testsrc2=s=320x180:r=25:d=4 ";
constexpr auto web = " -c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 50 ";

struct fixture : tests::av_fixture {
  /// Makes a video with subtitles of @p how beside the picture, and compresses it.
  /// @returns `subtitles` of the facts.
  json tracks(const std::string& name, const std::string& media_type, const std::string& how) {
    const auto text = write("words.srt", words).string();
    const auto file =
      make(name, picture + ("-i '" + text + "' -i '" + text + "' -map 0") + how + web);
    const auto done = run(job_kind::video_compress, media_type, file);
    if (!done)
      return to_string(done.error().code);
    for (const auto& made : done->files)
      names.push_back(made.name + " " + made.media_type);
    return json::parse(done->media).value("subtitles", json{});
  }

  std::vector<std::string> names;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(video_subtitles_tests, fixture)

CAF_TEST(subtitles of text become WebVTT with nothing that a player takes for a tag) {
  const auto all = tracks("clip.mkv", "video/x-matroska",
                          " -map 1 -c:s srt -metadata:s:s:0 language=ger -metadata:s:s:0 "
                          "title=Deutsch");
  const json expected{
    {{"codec", "subrip"}, {"language", "ger"}, {"title", "Deutsch"}, {"file", "subtitles-1.vtt"}}};
  CAF_CHECK_EQUAL(all, expected);
  CAF_CHECK_EQUAL(bytes_of(output() / "subtitles-1.vtt"), shown);
  const std::vector<std::string> files{"video.mp4 video/mp4", "subtitles-1.vtt text/vtt"};
  CAF_CHECK_EQUAL(names, files);
}

CAF_TEST(every track has a file of its own whatever its form) {
  const auto all =
    tracks("clip.mkv", "video/x-matroska", " -map 1 -map 2 -c:s:0 ass -c:s:1 webvtt");
  CAF_REQUIRE_EQUAL(all.size(), 2U);
  CAF_CHECK_EQUAL(all[0]["codec"], "ass");
  CAF_CHECK_EQUAL(all[1]["codec"], "webvtt");
  CAF_CHECK_EQUAL(bytes_of(output() / "subtitles-1.vtt"), shown);
  CAF_CHECK(bytes_of(output() / "subtitles-2.vtt").starts_with("WEBVTT\n\n00:00:00.500 --> "));
}

CAF_TEST(subtitles of an mp4 are kept when it is encoded and when it is moved) {
  for (const bool remux : {true, false}) {
    options.video.remux = remux;
    const auto all = tracks("clip.mp4", "video/mp4", " -map 1 -c:s mov_text");
    CAF_REQUIRE_EQUAL(all.size(), 1U);
    CAF_CHECK_EQUAL(all[0]["codec"], "mov_text");
    CAF_CHECK_EQUAL(bytes_of(output() / "subtitles-1.vtt"), shown);
  }
}

CAF_TEST(a ladder for streaming offers them) {
  options.video.hls = true;
  options.video.hls_sides = {180};
  static_cast<void>(tracks("clip.mkv", "video/x-matroska",
                           " -map 1 -c:s srt -metadata:s:s:0 language=ger -metadata:s:s:0 "
                           "title='Deutsch \"1\"'"));
  CAF_REQUIRE(run(job_kind::video_stream, "video/x-matroska", root.path / "clip.mkv"));
  const auto master = bytes_of(output() / "hls.m3u8");
  CAF_CHECK_NOT_EQUAL(
    master.find("TYPE=SUBTITLES,GROUP-ID=\"words\",NAME=\"Deutsch 1\",LANGUAGE="
                "\"ger\",DEFAULT=NO,AUTOSELECT=YES,URI=\"hls-subtitles-1.m3u8\"\n"),
    std::string::npos);
  CAF_CHECK_NOT_EQUAL(master.find(",SUBTITLES=\"words\"\nhls-180.m3u8"), std::string::npos);
  // A player that is not ours finds the words.
  const auto heard = printed("ffmpeg -nostdin -v error -allowed_extensions ALL -i '"
                             + (output() / "hls-subtitles-1.m3u8").string() + "' -f webvtt -");
  CAF_CHECK_NOT_EQUAL(heard.find("second line"), std::string::npos);
}

CAF_TEST(subtitles that are pictures are named and have no file) {
  // Presentation graphics of a Blu-ray: two segments that show nothing.
  const std::string segment{"PG\0\1\x5F\x90\0\0\0\0\x80\0\0", 13};
  const auto pictures = write("pictures.sup", segment + segment).string();
  const auto file =
    make("clip.mkv", picture + ("-f sup -i '" + pictures + "'") + " -map 0 -map 1 -c:s copy" + web);
  const auto done = run(job_kind::video_compress, "video/x-matroska", file);
  CAF_REQUIRE(done);
  const auto all = json::parse(done->media)["subtitles"];
  CAF_REQUIRE_EQUAL(all.size(), 1U);
  CAF_CHECK_EQUAL(all[0]["codec"], "hdmv_pgs_subtitle");
  CAF_CHECK(all[0]["file"].is_null());
  CAF_CHECK_EQUAL(done->files.size(), 1U);
}

CAF_TEST(a video without subtitles says nothing of them) {
  CAF_CHECK(tracks("clip.mp4", "video/mp4", "").is_null());
}

CAF_TEST(more text than allowed is too large) {
  options.limits.max_text_bytes = 20;
  CAF_CHECK_EQUAL(tracks("clip.mkv", "video/x-matroska", " -map 1 -c:s srt"), "too_large");
}

CAF_TEST_FIXTURE_SCOPE_END()
