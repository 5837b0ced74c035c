#define CAF_SUITE media_image_ladder

#include "media/image/readers/readers.hpp"
#include "tests/media/support/image_jobs.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::media;
using namespace mediad::tests;
using namespace std::string_literals;

namespace {

/// Exif with an artist (`me`) and a directory of places.
std::string exif_with_place() {
  return "Exif\0\0MM\0*"s + big(8, 4) + big(2, 2) + directory_entry(0x013B, 2, 3, "me")
         + directory_entry(0x8825, 4, 1, big(38, 4)) + big(0, 4) + big(1, 2)
         + directory_entry(1, 2, 2, "N") + big(0, 4);
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(image_ladder_tests, image_jobs)

CAF_TEST(the ladder is made in every format of the settings) {
  options.image.formats = {"jpeg", "webp", "avif", "png"};
  input(jpeg(quarters(400, 300)), "image/jpeg");
  CAF_CHECK_EQUAL(ladder(), "w320.jpg w320.webp w320.avif w320.png ");
  CAF_CHECK_EQUAL(corners(decoded(out("w320.jpg"))), "RGBW");
  CAF_CHECK_EQUAL(corners(decoded(out("w320.webp"))), "RGBW");
  CAF_CHECK_EQUAL(corners(decoded(out("w320.avif"))), "RGBW");
  CAF_CHECK_EQUAL(corners(decoded(out("w320.png"))), "RGBW");
}

CAF_TEST(alpha is laid on the colour of the settings where it is not kept) {
  options.image.alpha = "flatten";
  options.image.background = "#0000ff";
  input(png(solid(400, 300, {255, 0, 0}, 128)), "image/png");
  run(run_light, job_kind::image_renditions).value();
  const auto channels = decoded(out("w320.webp")).channels;
  const auto far = rung_apart("w320.webp", {128, 0, 127});
  CAF_CHECK_EQUAL(channels, 3u);
  CAF_CHECK_LESS_OR_EQUAL(far, 6);
}

CAF_TEST(wide colours stay with their profile where the settings keep them) {
  options.image.colors = "keep";
  options.image.formats = {"jpeg", "webp", "avif"};
  input(with_icc(jpeg(solid(400, 300, {180, 120, 90})), display_p3_profile()), "image/jpeg");
  run(run_light, job_kind::image_renditions).value();
  const auto far =
    std::max({rung_apart("w320.jpg", {180, 120, 90}), rung_apart("w320.webp", {180, 120, 90}),
              rung_apart("w320.avif", {180, 120, 90})});
  const auto kept = read_jpeg(open_input{out("w320.jpg")}, {}, {}).value().icc;
  CAF_CHECK_LESS_OR_EQUAL(far, 4);
  CAF_CHECK_EQUAL(std::string(kept.begin(), kept.end()) == display_p3_profile(), true);
  CAF_CHECK_EQUAL(read(out("w320.webp")).find("ICCP") != std::string::npos, true);
}

CAF_TEST(of the metadata only what the settings name is kept) {
  const auto has = [this](const std::string& words) {
    return read(out("w320.jpg")).find(words) != std::string::npos;
  };
  const auto place = big(0x8825, 2) + big(4, 2);
  input(with_segment(jpeg(quarters(400, 300)), 0xE1, exif_with_place()), "image/jpeg");
  options.image.metadata = {"copyright"};
  run(run_light, job_kind::image_renditions).value();
  CAF_CHECK_EQUAL(has("me\0"s), true);
  CAF_CHECK_EQUAL(has(place), false);
  CAF_CHECK_EQUAL(read(out("w320.webp")).find("EXIF") != std::string::npos, true);
  options.image.metadata = {"gps"};
  run(run_light, job_kind::image_renditions).value();
  CAF_CHECK_EQUAL(has(place), true);
  CAF_CHECK_EQUAL(has("me\0"s), false);
}

CAF_TEST(the record says which colour a picture has and where to look) {
  auto p = solid(400, 300, {40, 60, 80});
  for (std::uint32_t y = 40; y < 80; ++y)
    for (std::uint32_t x = 300; x < 340; ++x)
      p.row(y)[std::size_t{x} * 3] = 250;
  input(png(p), "image/png");
  preview();
  const auto found = nlohmann::json::parse(done.media);
  const bool is_right = std::abs(found["focus"]["x"].get<double>() - 0.8) < 0.05;
  const bool is_high = std::abs(found["focus"]["y"].get<double>() - 0.2) < 0.05;
  CAF_CHECK_EQUAL(found["dominant_color"].get<std::string>(), "#283c50");
  CAF_CHECK_EQUAL(is_right, true);
  CAF_CHECK_EQUAL(is_high, true);
}

CAF_TEST_FIXTURE_SCOPE_END()
