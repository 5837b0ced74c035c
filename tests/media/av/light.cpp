#define CAF_SUITE media_av_light

#include "media/av/frame_light.hpp"
#include "tests/media/support/av_media.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::media::av;

namespace {

struct fixture : tests::av_fixture {
  frame_ptr frame = make_frame();

  AVContentLightMetadata& scene() {
    return *av_content_light_metadata_create_side_data(frame.get());
  }
  AVMasteringDisplayMetadata& screen() {
    auto& made = *av_mastering_display_metadata_create_side_data(frame.get());
    for (auto& point : made.display_primaries)
      point[0] = point[1] = {1, 3};
    made.white_point[0] = made.white_point[1] = {1, 3};
    made.min_luminance = {1, 10'000};
    made.max_luminance = {1'000, 1};
    made.has_primaries = made.has_luminance = 1;
    return made;
  }
  int left() {
    drop_wild_light(*frame);
    return frame->nb_side_data;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(av_light_tests, fixture)

CAF_TEST(what a screen can show is kept) {
  screen();
  auto& light = scene();
  light.MaxCLL = 1'000;
  light.MaxFALL = 400;
  CAF_CHECK_EQUAL(left(), 2);
}

CAF_TEST(light that no scene has is dropped) {
  auto& light = scene();
  light.MaxCLL = 1;
  CAF_CHECK_EQUAL(left(), 0);
  scene().MaxCLL = 65'535;
  CAF_CHECK_EQUAL(left(), 0);
  auto& brighter_on_average = scene();
  brighter_on_average.MaxCLL = 1'000;
  brighter_on_average.MaxFALL = 2'000;
  CAF_CHECK_EQUAL(left(), 0);
}

CAF_TEST(a screen that cannot be is dropped) {
  screen().max_luminance = {0, 1};
  CAF_CHECK_EQUAL(left(), 0);
  screen().max_luminance = {1'000, 0};
  CAF_CHECK_EQUAL(left(), 0);
  screen().min_luminance = {2'000, 1};
  CAF_CHECK_EQUAL(left(), 0);
  screen().display_primaries[1][0] = {50'001, 50'000};
  CAF_CHECK_EQUAL(left(), 0);
  screen().white_point[0] = {1, -3};
  CAF_CHECK_EQUAL(left(), 0);
}

CAF_TEST(an encoder hears of nothing but the captions) {
  screen();
  scene();
  av_frame_new_side_data(frame.get(), AV_FRAME_DATA_SEI_UNREGISTERED, 16);
  av_frame_new_side_data(frame.get(), AV_FRAME_DATA_A53_CC, 6);
  av_frame_new_side_data(frame.get(), AV_FRAME_DATA_SEI_UNREGISTERED, 16);
  drop_side_data(*frame);
  CAF_REQUIRE_EQUAL(frame->nb_side_data, 1);
  CAF_CHECK_EQUAL(static_cast<int>(frame->side_data[0]->type),
                  static_cast<int>(AV_FRAME_DATA_A53_CC));
}

CAF_TEST(colours that have no name are unspecified) {
  CAF_CHECK_EQUAL(known_primaries(AVCOL_PRI_RESERVED), AVCOL_PRI_UNSPECIFIED);
  CAF_CHECK_EQUAL(known_transfer(AVCOL_TRC_RESERVED), AVCOL_TRC_UNSPECIFIED);
  CAF_CHECK_EQUAL(known_colours(AVCOL_SPC_RESERVED), AVCOL_SPC_UNSPECIFIED);
  CAF_CHECK_EQUAL(known_primaries(AVCOL_PRI_BT2020), AVCOL_PRI_BT2020);
  CAF_CHECK_EQUAL(known_transfer(AVCOL_TRC_SMPTE2084), AVCOL_TRC_SMPTE2084);
  CAF_CHECK_EQUAL(known_colours(AVCOL_SPC_BT2020_NCL), AVCOL_SPC_BT2020_NCL);
}

CAF_TEST(a film of high dynamic range whose metadata is nonsense becomes a video) {
  const std::string film =
    "-f lavfi -i testsrc2=s=320x180:d=1 -pix_fmt yuv420p10le -c:v libx265 -preset ultrafast "
    "-x265-params 'log-level=none:transfer=smpte2084";
  const std::string wild =
    ":max-cll=1,65535:master-display=G(0,0)B(65535,65535)R(0,0)WP(0,0)L(0,0)'";
  for (const auto* matrix :
       {":colorprim=bt2020:colormatrix=bt2020nc", ":colorprim=film:colormatrix=smpte240m",
        ":colorprim=bt2020:colormatrix=ycgco"}) {
    const auto file = make("wild.mp4", film + matrix + wild);
    CAF_CHECK_EQUAL(matrix + outcome(media::job_kind::video_preview, "video/mp4", file),
                    std::string{matrix} + "ok");
    CAF_CHECK_EQUAL(matrix + outcome(media::job_kind::video_compress, "video/mp4", file),
                    std::string{matrix} + "ok");
  }
}

CAF_TEST(colours that no standard names do not stop an encoder) {
  const auto file = make("a.mpg", "-f lavfi -i testsrc2=s=320x180:r=25:d=1 -c:v mpeg2video "
                                  "-bsf:v mpeg2_metadata=colour_primaries=200:"
                                  "transfer_characteristics=201:matrix_coefficients=202");
  CAF_CHECK_EQUAL(outcome(media::job_kind::video_compress, "video/mpeg", file), "ok");
}

CAF_TEST_FIXTURE_SCOPE_END()
