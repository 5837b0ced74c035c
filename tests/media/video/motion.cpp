#define CAF_SUITE media_video_motion

#include "tests/media/support/av_media.hpp"

#include <cmath>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using media::job_kind;

namespace {

struct fixture : tests::av_fixture {
  fixture() {
    options.video.stills = 0;
    options.video.sprite_tiles = 0;
  }

  std::filesystem::path moving() const {
    return output() / "motion.webp";
  }

  bool show(const std::string& arguments) {
    const auto file = make("clip.mp4", arguments + " -preset ultrafast -pix_fmt yuv420p");
    return run(job_kind::video_screenshots, "video/mp4", file).has_value();
  }

  /// Chunks of a WebP file by their name: each frame of an animation is an ANMF.
  int chunks(const std::string& name) const {
    const auto bytes = bytes_of(moving());
    int count = 0;
    for (std::size_t at = 12; at + 8 <= bytes.size();) {
      count += bytes.compare(at, 4, name) == 0 ? 1 : 0;
      std::size_t size = 0;
      for (std::size_t i = 4; i > 0; --i)
        size = size << 8U | static_cast<unsigned char>(bytes[at + 3 + i]);
      at += 8 + size + size % 2;
    }
    return count;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(video_motion_tests, fixture)

CAF_TEST(a long video moves for three seconds in the box of previews) {
  CAF_REQUIRE(show("-f lavfi -i testsrc2=s=640x360:r=25:d=30"));
  CAF_CHECK_EQUAL(chunks("ANMF"), 30);
  const auto bytes = bytes_of(moving());
  // The size of the canvas, one less: WebP's VP8X chunk.
  CAF_REQUIRE_EQUAL(bytes.substr(12, 4), "VP8X");
  CAF_CHECK_EQUAL(static_cast<unsigned char>(bytes[24]) + 256 * bytes[25] + 1, 320);
  CAF_CHECK_EQUAL(static_cast<unsigned char>(bytes[27]) + 256 * bytes[28] + 1, 180);
}

CAF_TEST(a video shorter than that moves as long as it is) {
  CAF_REQUIRE(show("-f lavfi -i testsrc2=s=320x180:r=25:d=1.5"));
  CAF_CHECK_EQUAL(chunks("ANMF"), 15);
}

CAF_TEST(a single picture does not move) {
  CAF_REQUIRE(show("-f lavfi -i testsrc2=s=320x180:r=25 -frames:v 1"));
  CAF_CHECK(!std::filesystem::exists(moving()));
}

CAF_TEST(none is made where none is wanted) {
  options.video.motion_seconds = 0;
  CAF_REQUIRE(show("-f lavfi -i testsrc2=s=320x180:r=25:d=5"));
  CAF_CHECK(!std::filesystem::exists(moving()));
}

CAF_TEST(its colours are those of the video) {
  CAF_REQUIRE(show("-f lavfi -i color=0x20C040:s=1280x720:r=25:d=4 -vf "
                   "scale=out_color_matrix=bt709:out_range=tv,setparams=colorspace=bt709"));
  // The only frame of a still animation is an ordinary WebP picture inside.
  const auto bytes = bytes_of(moving());
  const auto picture = bytes.find("VP8 ");
  CAF_REQUIRE_NOT_EQUAL(picture, std::string::npos);
  std::size_t size = 8;
  for (std::size_t i = 0; i < 4; ++i)
    size += std::size_t{static_cast<unsigned char>(bytes[picture + 4 + i])} << (8 * i);
  const auto length = static_cast<std::uint32_t>(size + 4);
  std::string still = "RIFF";
  for (unsigned i = 0; i < 4; ++i)
    still += static_cast<char>(length >> (8 * i));
  const auto colour =
    colour_at(write("still.webp", still + "WEBP" + bytes.substr(picture, size)), 0, 0, 1, 1);
  CAF_CHECK_LESS(std::abs(colour.r - 0x20), 10);
  CAF_CHECK_LESS(std::abs(colour.g - 0xC0), 10);
  CAF_CHECK_LESS(std::abs(colour.b - 0x40), 10);
}

CAF_TEST_FIXTURE_SCOPE_END()
