#define CAF_SUITE media_video_sprite

#include "tests/media/support/av_media.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using media::job_kind;

namespace {

// Red for ten seconds, then blue for ten.
constexpr auto two_colours =
  "-f lavfi -i color=red:s=320x180:r=10:d=10 -f lavfi -i color=blue:s=320x180:r=10:d=10 "
  "-filter_complex concat=n=2:v=1:a=0 -g 10 -preset ultrafast -pix_fmt yuv420p ";

struct fixture : tests::av_fixture {
  bool make_sheet(const std::filesystem::path& file) {
    return run(job_kind::video_screenshots, "video/mp4", file).has_value();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(video_sprite_tests, fixture)

CAF_TEST(the sheet shows the whole video in order) {
  CAF_REQUIRE(make_sheet(make("clip.mp4", two_colours)));
  const auto sheet = output() / "sprite.jpg";
  const auto size = probe(sheet)["streams"][0];
  CAF_CHECK_EQUAL(size["width"].get<int>(), 1600);
  CAF_CHECK_EQUAL(size["height"].get<int>(), 90);
  for (const int column : {0, 4})
    CAF_CHECK(is_red(colour_at(sheet, column, 0, 10, 1)));
  for (const int column : {5, 9})
    CAF_CHECK(is_blue(colour_at(sheet, column, 0, 10, 1)));
}

CAF_TEST(the index says which part of the sheet shows which time) {
  CAF_REQUIRE(make_sheet(make("clip.mp4", two_colours)));
  const auto index = bytes_of(output() / "sprite.vtt");
  CAF_CHECK(index.starts_with("WEBVTT\n"));
  CAF_CHECK_NOT_EQUAL(index.find("00:00:10.000 --> 00:00:12.000\nsprite.jpg#xywh=800,0,160,90\n"),
                      std::string::npos);
  CAF_CHECK_NOT_EQUAL(index.find("--> 00:00:20.000"), std::string::npos);
}

CAF_TEST(there are no more tiles than the options allow) {
  options.video.sprite_tiles = 4;
  CAF_REQUIRE(make_sheet(make("clip.mp4", two_colours)));
  CAF_CHECK_EQUAL(probe(output() / "sprite.jpg")["streams"][0]["width"].get<int>(), 640);
}

CAF_TEST(a sheet drawn by several threads at once is the same as by one) {
  const auto file = make("clip.mp4", "-f lavfi -i testsrc2=s=320x180:r=10:d=60 -g 30 -preset "
                                     "ultrafast -pix_fmt yuv420p ");
  options.video.threads = 4;
  CAF_REQUIRE(make_sheet(file));
  const auto at_once = bytes_of(output() / "sprite.jpg");
  options.video.threads = 1;
  CAF_REQUIRE(make_sheet(file));
  CAF_CHECK(at_once == bytes_of(output() / "sprite.jpg"));
}

CAF_TEST(no sheet is made where none is wanted) {
  options.video.sprite_tiles = 0;
  CAF_REQUIRE(make_sheet(make("clip.mp4", two_colours)));
  CAF_CHECK(!std::filesystem::exists(output() / "sprite.jpg"));
}

CAF_TEST(a turned video has upright tiles) {
  CAF_REQUIRE(make_sheet(turned(make("flat.mp4", two_colours), 90)));
  CAF_CHECK_EQUAL(probe(output() / "sprite.jpg")["streams"][0]["height"].get<int>(), 160);
}

CAF_TEST_FIXTURE_SCOPE_END()
