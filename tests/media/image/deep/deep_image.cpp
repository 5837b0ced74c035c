#define CAF_SUITE media_image_deep_deep_image

#include "media/image/deep/deep_image.hpp"

#include "tests/media/image/deep/oiio_bench.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::media;
using namespace mediad::tests;
using namespace std::string_literals;

namespace {

using strings = std::vector<std::string>;

struct fixture : oiio_bench {
  std::string seen(const std::string& ending, const std::string& media_type) {
    input_by_oiio(ending, quarters(64, 48), media_type);
    return corners(preview());
  }
  strings failures() {
    return {failure(jobs(), job_kind::image_preview), failure(jobs(), job_kind::image_renditions)};
  }
  std::string failure_when_cut_off(const std::string& ending, const std::string& media_type) {
    // OpenImageIO's HEIF writer reads past rows whose width is no multiple of 16.
    input_by_oiio(ending, noise(192, 144), media_type);
    const auto bytes = read(input_file);
    input(bytes.substr(0, bytes.size() / 2), media_type);
    return failure(jobs(), job_kind::image_preview);
  }
};

const strings both_too_large{"too_large", "too_large"};

} // namespace

// x265, which writes the HEIC files of these tests, leaks when it is closed; nothing of ours does.
extern "C" const char* __lsan_default_suppressions();  // NOLINT(bugprone-reserved-identifier)
extern "C" const char* __lsan_default_suppressions() { // NOLINT(bugprone-reserved-identifier)
  return "leak:libx265.so\n";
}

CAF_TEST_FIXTURE_SCOPE(deep_image_tests, fixture)

CAF_TEST(each format is read) {
  CAF_CHECK_EQUAL(seen("tif", "image/tiff"), "RGBW");
  CAF_CHECK_EQUAL(seen("gif", "image/gif"), "RGBW");
  CAF_CHECK_EQUAL(seen("bmp", "image/bmp"), "RGBW");
  CAF_CHECK_EQUAL(seen("exr", "image/x-exr"), "RGBW");
  CAF_CHECK_EQUAL(seen("hdr", "image/vnd.radiance"), "RGBW");
  CAF_CHECK_EQUAL(seen("jp2", "image/jp2"), "RGBW");
  CAF_CHECK_EQUAL(seen("heic", "image/heic"), "RGBW");
  CAF_CHECK_EQUAL(seen("avif", "image/avif"), "RGBW");
  CAF_CHECK_EQUAL(seen("tga", "image/x-tga"), "RGBW");
}

CAF_TEST(a TIFF of any of the eight orientations is shown upright) {
  const auto stored = quarters(64, 48);
  strings shown;
  for (int orientation = 1; orientation <= 8; ++orientation) {
    auto spec = spec_of(stored);
    spec.attribute("Orientation", orientation);
    input_by_oiio("tif", spec, OIIO::TypeUInt8, stored.pixels.data(), "image/tiff");
    shown.push_back(corners(preview()));
  }
  const strings upright{"RGBW", "GRWB", "WBGR", "BWRG", "RBGW", "BRWG", "WGBR", "GWRB"};
  CAF_CHECK_EQUAL(shown, upright);
}

CAF_TEST(the ladder of a TIFF has its rungs and facts) {
  input_by_oiio("tif", quarters(1000, 500), "image/tiff");
  const auto done = run(run_deep_image, job_kind::image_renditions).value();
  const strings expected{"w320.jpg", "w320.webp", "w640.jpg", "w640.webp"};
  CAF_CHECK_EQUAL(made(), expected);
  CAF_CHECK_EQUAL(done.media, R"({"width":1000,"height":500,"orientation":1})");
  CAF_CHECK_EQUAL(corners(decoded(out("w640.webp"))), "RGBW");
}

CAF_TEST(sixteen bits become eight) {
  const std::vector<std::uint16_t> values(64 * 48 * 3, 0x8080);
  input_by_oiio("tif", {64, 48, 3, OIIO::TypeUInt16}, OIIO::TypeUInt16, values.data(),
                "image/tiff");
  const auto apart = difference(middle(preview()), {128, 128, 128});
  CAF_CHECK_LESS_OR_EQUAL(apart, 2);
}

CAF_TEST(half of all light in an OpenEXR is 188 in sRGB) {
  const std::vector<float> values(64 * 48 * 3, 0.5F);
  input_by_oiio("exr", {64, 48, 3, OIIO::TypeHalf}, OIIO::TypeFloat, values.data(), "image/x-exr");
  const auto apart = difference(middle(preview()), {188, 188, 188});
  CAF_CHECK_LESS_OR_EQUAL(apart, 2);
}

CAF_TEST(light beyond white and no numbers do not wrap around) {
  std::vector<float> values(64 * 48 * 3, 1000.0F);
  for (std::size_t i = 0; i < values.size(); i += 3)
    values[i] = std::numeric_limits<float>::quiet_NaN();
  input_by_oiio("exr", {64, 48, 3, OIIO::TypeFloat}, OIIO::TypeFloat, values.data(), "image/x-exr");
  const auto apart = difference(middle(preview()), {0, 255, 255});
  CAF_CHECK_LESS_OR_EQUAL(apart, 4);
}

CAF_TEST(premultiplied alpha is divided out again) {
  std::vector<float> values;
  for (int i = 0; i < 64 * 48; ++i)
    values.insert(values.end(), {0.5F, 0.0F, 0.0F, 0.5F}); // full red, half there
  input_by_oiio("exr", {64, 48, 4, OIIO::TypeHalf}, OIIO::TypeFloat, values.data(), "image/x-exr");
  const auto shown = preview();
  const auto apart = difference(middle(shown), {255, 0, 0});
  CAF_CHECK_EQUAL(shown.channels, 4u);
  CAF_CHECK_EQUAL(std::abs(int{shown.pixels[3]} - 128) <= 1, true);
  CAF_CHECK_LESS_OR_EQUAL(apart, 3);
}

CAF_TEST(alpha that is not premultiplied is kept as it is) {
  const auto p = solid(64, 48, {200, 100, 50}, 128);
  auto spec = spec_of(p);
  spec.attribute("oiio:UnassociatedAlpha", 1);
  input_by_oiio("tif", spec, OIIO::TypeUInt8, p.pixels.data(), "image/tiff");
  const auto apart = difference(middle(preview()), {200, 100, 50});
  CAF_CHECK_LESS_OR_EQUAL(apart, 4);
}

CAF_TEST(a large TIFF with alpha is opaque or not as its pixels say) {
  input_by_oiio("tif", quarters_with_alpha(2000, 1500, false), "image/tiff");
  const auto opaque = preview();
  const auto seen = corners(opaque);
  CAF_CHECK_EQUAL(opaque.channels, 3u);
  CAF_CHECK_EQUAL(seen, "RGBW");
  input_by_oiio("tif", quarters_with_alpha(2000, 1500, true), "image/tiff");
  const auto holed = preview();
  const auto above = holed.row(0)[3];
  const auto below = holed.row(holed.height - 1)[3];
  CAF_CHECK_EQUAL(int{above}, 255);
  CAF_CHECK_EQUAL(int{below}, 0);
}

CAF_TEST(gray is shown as gray) {
  const std::vector<std::uint8_t> values(64 * 48, 90);
  input_by_oiio("tif", {64, 48, 1, OIIO::TypeUInt8}, OIIO::TypeUInt8, values.data(), "image/tiff");
  const auto apart = difference(middle(preview()), {90, 90, 90});
  CAF_CHECK_LESS_OR_EQUAL(apart, 2);
}

CAF_TEST(tiles are read like rows) {
  const auto p = quarters(100, 70);
  auto spec = spec_of(p);
  spec.tile_width = spec.tile_height = 16;
  input_by_oiio("tif", spec, OIIO::TypeUInt8, p.pixels.data(), "image/tiff");
  CAF_CHECK_EQUAL(corners(preview()), "RGBW");
}

CAF_TEST(a TIFF in Display P3 is shown in sRGB) {
  const auto p = solid(64, 48, {180, 120, 90});
  const auto profile = display_p3_profile();
  auto spec = spec_of(p);
  spec.attribute("ICCProfile",
                 OIIO::TypeDesc{OIIO::TypeDesc::UINT8, static_cast<int>(profile.size())},
                 profile.data());
  input_by_oiio("tif", spec, OIIO::TypeUInt8, p.pixels.data(), "image/tiff");
  const auto apart = difference(middle(preview()), {190, 117, 84});
  CAF_CHECK_LESS_OR_EQUAL(apart, 4);
}

CAF_TEST(a picture that was cut off is corrupt) {
  CAF_CHECK_EQUAL(failure_when_cut_off("exr", "image/x-exr"), "corrupt_media");
  CAF_CHECK_EQUAL(failure_when_cut_off("hdr", "image/vnd.radiance"), "corrupt_media");
  CAF_CHECK_EQUAL(failure_when_cut_off("jp2", "image/jp2"), "corrupt_media");
  CAF_CHECK_EQUAL(failure_when_cut_off("heic", "image/heic"), "corrupt_media");
  CAF_CHECK_EQUAL(failure_when_cut_off("avif", "image/avif"), "corrupt_media");
}

CAF_TEST(a picture of the plainer formats shows what is there if it was cut off) {
  CAF_CHECK_EQUAL(failure_when_cut_off("tif", "image/tiff"), "ok"); // its directory stands first
  CAF_CHECK_EQUAL(failure_when_cut_off("gif", "image/gif"), "ok");
  CAF_CHECK_EQUAL(failure_when_cut_off("bmp", "image/bmp"), "ok");
  CAF_CHECK_EQUAL(failure_when_cut_off("tga", "image/x-tga"), "ok");
}

CAF_TEST(a picture meets only the reader of its media type) {
  input_by_oiio("tif", quarters(64, 48), "image/vnd.radiance");
  CAF_CHECK_EQUAL(failure(run_deep_image, job_kind::image_preview), "corrupt_media");
}

CAF_TEST(a media type without a reader of ours is refused) {
  input_by_oiio("tif", quarters(64, 48), "image/x-dpx");
  CAF_CHECK_EQUAL(failure(run_deep_image, job_kind::image_preview), "unsupported_media");
}

CAF_TEST(a TIFF over the limit of pixels is refused) {
  options.limits.max_pixels = 64 * 48 - 1;
  input_by_oiio("tif", quarters(64, 48), "image/tiff");
  CAF_CHECK_EQUAL(failures(), both_too_large);
}

CAF_TEST(a JPEG 2000 over the limit is refused by its header) {
  options.limits.max_side = 63;
  input_by_oiio("jp2", quarters(64, 64), "image/jp2");
  CAF_CHECK_EQUAL(failures(), both_too_large);
}

CAF_TEST(a JPEG 2000 shows what is on its canvas wherever it begins) {
  input_by_oiio("jp2", quarters(200, 160), "image/jp2");
  auto bytes = read(input_file);
  const auto sizes = bytes.find("\xFF\x4F\xFF\x51") + 8;
  // Picture and tiles begin 2,048 from the corner of a canvas that is as much larger: the same
  // samples in the same blocks, elsewhere.
  const std::array<std::uint64_t, 8> moved{2248, 2208, 2048, 2048, 200, 160, 2048, 2048};
  for (std::size_t i = 0; i < moved.size(); ++i)
    bytes.replace(sizes + i * 4, 4, big(moved.at(i), 4));
  input(bytes, "image/jp2");
  CAF_CHECK_EQUAL(corners(preview()), "RGBW");
}

CAF_TEST(a large JPEG 2000 comes at a scale that suffices) {
  input_by_oiio("jp2", quarters(2000, 1500), "image/jp2");
  const auto shown = preview();
  CAF_CHECK_EQUAL(corners(shown), "RGBW");
  CAF_CHECK_EQUAL(shown.width, 320u);
}

CAF_TEST(a claimed size over the limit is refused) {
  options.limits.max_side = 63;
  input_by_oiio("heic", quarters(64, 64), "image/heic");
  CAF_CHECK_EQUAL(failures(), both_too_large);
}

CAF_TEST(a GIF that claims four billion pixels is refused by its header) {
  input("GIF89a\xFF\x7F\xFF\x7F\xF0\0\0"s + std::string(200, '\0'), "image/gif");
  CAF_CHECK_EQUAL(failures(), both_too_large);
}

CAF_TEST_FIXTURE_SCOPE_END()
