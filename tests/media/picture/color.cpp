#define CAF_SUITE media_picture_color

#include "media/picture/color.hpp"

#include "media/image/readers/readers.hpp"
#include "tests/media/support/pictures.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::media;
using namespace mediad::tests;

namespace {

// Display P3 180, 120, 90 in sRGB, by the matrices of SMPTE EG 432-1 and IEC 61966-2-1.
constexpr rgb p3_color{180, 120, 90};
constexpr rgb p3_color_in_srgb{190, 117, 84};

struct fixture : workbench {
  rgb shown() {
    run(run_light, job_kind::image_preview).value();
    return middle(decoded(out("preview.webp")));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(image_color_tests, fixture)

CAF_TEST(a JPEG in Display P3 is shown in sRGB) {
  input(with_icc(jpeg(solid(64, 48, p3_color)), display_p3_profile()), "image/jpeg");
  const auto apart = difference(shown(), p3_color_in_srgb);
  CAF_CHECK_LESS_OR_EQUAL(apart, 4);
}

CAF_TEST(the ladder is in sRGB too) {
  input(with_icc(jpeg(solid(400, 300, p3_color)), display_p3_profile()), "image/jpeg");
  run(run_light, job_kind::image_renditions).value();
  const auto apart = difference(middle(decoded(out("w320.jpg"))), p3_color_in_srgb);
  CAF_CHECK_LESS_OR_EQUAL(apart, 4);
}

CAF_TEST(a PNG whose profile has red and green swapped is shown with them swapped) {
  input(png(solid(64, 48, {220, 40, 40}), icc_chunk(swapped_profile())), "image/png");
  const auto apart = difference(shown(), {40, 220, 40});
  CAF_CHECK_LESS_OR_EQUAL(apart, 4);
}

CAF_TEST(the alpha of a picture with a profile stays) {
  auto p = solid(64, 48, p3_color, 77);
  const auto profile = display_p3_profile();
  to_srgb(p, {reinterpret_cast<const std::uint8_t*>(profile.data()), profile.size()});
  const auto apart = difference(middle(p), p3_color_in_srgb);
  CAF_CHECK_LESS_OR_EQUAL(apart, 2);
  CAF_CHECK_EQUAL(int{p.pixels[3]}, 77);
}

CAF_TEST(a gray profile turns its grays into those of sRGB) {
  // Half of all light is 188 on an sRGB screen.
  input(with_icc(jpeg(solid(64, 48, {128, 128, 128})), linear_gray_profile()), "image/jpeg");
  const auto apart = difference(shown(), {188, 188, 188});
  CAF_CHECK_LESS_OR_EQUAL(apart, 4);
}

CAF_TEST(a damaged profile leaves the colours as they are) {
  input(with_icc(jpeg(solid(64, 48, p3_color)), "no profile"), "image/jpeg");
  const auto apart = difference(shown(), p3_color);
  CAF_CHECK_LESS_OR_EQUAL(apart, 4);
}

CAF_TEST(the inverted inks of an Adobe JPEG are shown as their colours) {
  input(cmyk_jpeg(64, 48, {0, 255, 255, 0}), "image/jpeg");
  const auto apart = difference(shown(), {255, 0, 0});
  CAF_CHECK_LESS_OR_EQUAL(apart, 6);
}

CAF_TEST(the gamma of a PNG without a profile counts) {
  // Half of all light is 188 on an sRGB screen.
  const auto linear = png_chunk("gAMA", big(100'000, 4));
  input(png(solid(64, 48, {128, 128, 128}), linear), "image/png");
  const auto apart = difference(shown(), {188, 188, 188});
  CAF_CHECK_LESS_OR_EQUAL(apart, 4);
}

CAF_TEST_FIXTURE_SCOPE_END()
