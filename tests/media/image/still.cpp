#define CAF_SUITE media_image_still

#include "media/image/image.hpp"
#include "media/picture/resize.hpp"
#include "tests/media/support/pictures.hpp"

#include <nlohmann/json.hpp>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::media;
using namespace mediad::tests;

namespace {

using strings = std::vector<std::string>;

struct fixture : workbench {
  picture preview() {
    run(run_light, job_kind::image_preview).value();
    return decoded(out("preview.webp"));
  }

  /// What the previews of one picture look like under each of the eight orientations.
  template <class Wrap>
  strings seen_by_orientation(std::string media_type, Wrap wrap) {
    strings seen;
    for (int orientation = 1; orientation <= 8; ++orientation) {
      input(wrap(orientation), media_type);
      seen.push_back(corners(preview()));
    }
    return seen;
  }

  strings ladder_names() {
    strings names;
    for (const auto& file : run(run_light, job_kind::image_renditions).value().files)
      names.push_back(file.name);
    return names;
  }
};

// Worked out on paper from CIPA DC-008, tag 0x0112, for quarters() as it is stored.
const strings shown_upright{"RGBW", "GRWB", "WBGR", "BWRG", "RBGW", "BRWG", "WGBR", "GWRB"};

std::string size_of(const picture& p) {
  return std::to_string(p.width) + "x" + std::to_string(p.height);
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(image_tests, fixture)

CAF_TEST(a JPEG of any of the eight orientations is shown upright) {
  const auto stored = jpeg(quarters(64, 48));
  const auto seen =
    seen_by_orientation("image/jpeg", [&](int o) { return with_segment(stored, 0xE1, exif(o)); });
  CAF_CHECK_EQUAL(seen, shown_upright);
}

CAF_TEST(a PNG of any of the eight orientations is shown upright) {
  const auto seen = seen_by_orientation(
    "image/png", [](int o) { return png(quarters(64, 48), png_chunk("eXIf", exif(o).substr(6))); });
  CAF_CHECK_EQUAL(seen, shown_upright);
}

CAF_TEST(the facts of a turned picture are its size as shown and its orientation) {
  input(with_segment(jpeg(quarters(64, 48)), 0xE1, exif(6)), "image/jpeg");
  const auto done = run(run_light, job_kind::image_preview).value();
  auto facts = nlohmann::json::parse(done.media);
  facts.erase("dominant_color");
  facts.erase("focus");
  CAF_CHECK_EQUAL(facts.dump(), R"({"height":64,"orientation":6,"width":48})");
  CAF_CHECK_EQUAL(done.files.front().width, 48u);
}

CAF_TEST(the preview fits into the box) {
  input(jpeg(quarters(1000, 500)), "image/jpeg");
  CAF_CHECK_EQUAL(size_of(preview()), "320x160");
}

CAF_TEST(the preview is never enlarged) {
  input(jpeg(quarters(100, 50)), "image/jpeg");
  CAF_CHECK_EQUAL(size_of(preview()), "100x50");
}

CAF_TEST(a strip a thousand times as long as high keeps a pixel of height) {
  input(png(solid(4000, 1, {255, 0, 0})), "image/png");
  CAF_CHECK_EQUAL(size_of(preview()), "320x1");
}

CAF_TEST(the preview of a picture brings its thumbhash) {
  input(jpeg(quarters(100, 50)), "image/jpeg");
  const auto done = run(run_light, job_kind::image_preview).value();
  CAF_CHECK_EQUAL(done.thumbhash.empty(), false);
}

CAF_TEST(the ladder has no rung wider than the picture) {
  input(jpeg(quarters(1000, 500)), "image/jpeg");
  const strings expected{"w640.jpg", "w320.jpg", "w640.webp", "w320.webp"};
  CAF_CHECK_EQUAL(ladder_names(), expected);
  CAF_CHECK_EQUAL(size_of(decoded(out("w640.jpg"))), "640x320");
  CAF_CHECK_EQUAL(size_of(decoded(out("w320.webp"))), "320x160");
  CAF_CHECK_EQUAL(corners(decoded(out("w320.jpg"))), "RGBW");
}

CAF_TEST(a picture narrower than every rung gets one in its own width) {
  input(jpeg(quarters(100, 500)), "image/jpeg");
  const strings expected{"w100.jpg", "w100.webp"};
  CAF_CHECK_EQUAL(ladder_names(), expected);
}

CAF_TEST(the ladder counts the width of a turned picture as shown) {
  input(with_segment(jpeg(quarters(1000, 500)), 0xE1, exif(8)), "image/jpeg");
  const strings expected{"w320.jpg", "w320.webp"};
  CAF_CHECK_EQUAL(ladder_names(), expected);
  CAF_CHECK_EQUAL(size_of(decoded(out("w320.jpg"))), "320x640");
}

CAF_TEST(a rung too tall for WebP is made as JPEG alone) {
  options.image.widths = {10};
  input(png(solid(10, 17'000, {255, 0, 0})), "image/png");
  const strings expected{"w10.jpg"};
  CAF_CHECK_EQUAL(ladder_names(), expected);
}

CAF_TEST(the settings choose the formats of the ladder) {
  options.image.formats = {"webp"};
  input(png(quarters(400, 300)), "image/png");
  const strings expected{"w320.webp"};
  CAF_CHECK_EQUAL(ladder_names(), expected);
}

CAF_TEST(alpha stays in WebP and is laid on white in JPEG) {
  input(png(solid(400, 300, {255, 0, 0}, 128)), "image/png");
  run(run_light, job_kind::image_renditions).value();
  const auto kept = decoded(out("w320.webp"));
  const auto laid = middle(decoded(out("w320.jpg")));
  const auto apart = difference(laid, {255, 127, 127});
  CAF_CHECK_EQUAL(kept.channels, 4u);
  CAF_CHECK_EQUAL(int{kept.pixels[3]}, 128);
  CAF_CHECK_LESS_OR_EQUAL(apart, 3);
}

CAF_TEST(shrinking does not let hidden colours shine through) {
  // Green that is fully transparent, beside opaque red: where they meet there is only red.
  auto p = solid(800, 600, {0, 255, 0}, 0);
  for (std::uint32_t y = 0; y < p.height; ++y)
    for (std::uint32_t x = 0; x < p.width; x += 2) {
      auto* at = p.row(y) + std::size_t{x} * 4;
      at[0] = at[3] = 255;
      at[1] = 0;
    }
  const auto small = resize(p, {200, 150}).value();
  const auto apart = difference(middle(small), {255, 0, 0});
  const int alpha = small.row(75)[100 * 4 + 3];
  CAF_CHECK_LESS_OR_EQUAL(apart, 2);
  CAF_CHECK_EQUAL(std::abs(alpha - 128) <= 2, true);
}

CAF_TEST(shrinking fine stripes gives an even gray and no new stripes) {
  picture stripes{1024, 64, 3};
  for (std::size_t i = 0; i < stripes.pixels.size(); ++i)
    stripes.pixels[i] = i / 3 % 2 == 0 ? 255 : 0;
  const auto small = resize(stripes, {300, 19}).value();
  const auto [darkest, brightest] = std::minmax_element(small.row(9) + 30, small.row(9) + 870);
  CAF_CHECK_LESS_OR_EQUAL(*brightest - *darkest, 24);
}

CAF_TEST(nothing private is in what is made) {
  const auto private_jpeg = with_segment(jpeg(quarters(400, 300)), 0xE1, exif(1));
  input(with_icc(private_jpeg, display_p3_profile()), "image/jpeg");
  run(run_light, job_kind::image_preview).value();
  run(run_light, job_kind::image_renditions).value();
  const auto all = read(out("preview.webp")) + read(out("w320.webp")) + read(out("w320.jpg"));
  CAF_CHECK_EQUAL(private_jpeg.find("secret place") != std::string::npos, true);
  CAF_CHECK_EQUAL(all.find("secret place"), std::string::npos);
  CAF_CHECK_EQUAL(all.find("Exif"), std::string::npos);
  CAF_CHECK_EQUAL(all.find("ICC"), std::string::npos);
}

CAF_TEST(the same picture gives the same files) {
  input(jpeg(noise(700, 500)), "image/jpeg");
  run(run_light, job_kind::image_renditions).value();
  const auto first = read(out("w640.webp")) + read(out("w640.jpg"));
  run(run_light, job_kind::image_renditions).value();
  const auto again = read(out("w640.webp")) + read(out("w640.jpg"));
  CAF_CHECK_EQUAL(first == again, true);
}

CAF_TEST(progress only grows and ends at one at most) {
  input(jpeg(quarters(2000, 1000)), "image/jpeg");
  run(run_light, job_kind::image_renditions).value();
  CAF_CHECK_EQUAL(progress.size(), 3u);
  CAF_CHECK_EQUAL(std::is_sorted(progress.begin(), progress.end()), true);
  CAF_CHECK_LESS_OR_EQUAL(progress.back(), 1.0);
}

CAF_TEST_FIXTURE_SCOPE_END()
