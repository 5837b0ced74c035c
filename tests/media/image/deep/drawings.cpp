#define CAF_SUITE media_image_deep_drawings

#include "tests/media/image/deep/oiio_bench.hpp"

#include <jxl/encode.h>
#include <zlib.h>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::media;
using namespace mediad::tests;

namespace {

constexpr auto svg_type = "image/svg+xml";

/// A red square with a shadow in a white picture of 200 x 100. @param shadow  the filter's content.
std::string shadowed(const std::string& shadow) {
  return R"svg(<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100"><filter id="f" x="-1" y="-1" width="3" height="3">)svg"
         + shadow + R"svg(</filter><rect width="200" height="100" fill="white"/>
<rect x="80" y="30" width="40" height="40" fill="#dc1e1e" filter="url(#f)"/></svg>)svg";
}

std::string gzipped(const std::string& bytes) {
  std::string packed(bytes.size() + 100, '\0');
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string jxl(const picture& p) {
  auto* encoder = JxlEncoderCreate(nullptr);
  JxlBasicInfo about;
  JxlEncoderInitBasicInfo(&about);
  about.xsize = p.width;
  about.ysize = p.height;
  about.bits_per_sample = 8;
  about.uses_original_profile = JXL_FALSE;
  JxlEncoderSetBasicInfo(encoder, &about);
  JxlColorEncoding srgb;
  JxlColorEncodingSetToSRGB(&srgb, JXL_FALSE);
  JxlEncoderSetColorEncoding(encoder, &srgb);
  const JxlPixelFormat format{3, JXL_TYPE_UINT8, JXL_NATIVE_ENDIAN, 0};
  JxlEncoderAddImageFrame(JxlEncoderFrameSettingsCreate(encoder, nullptr), &format, p.pixels.data(),
                          p.pixels.size());
  JxlEncoderCloseInput(encoder);
  std::string bytes(100'000, '\0');
  auto* next = reinterpret_cast<std::uint8_t*>(bytes.data());
  auto left = bytes.size();
  JxlEncoderProcessOutput(encoder, &next, &left);
  JxlEncoderDestroy(encoder);
  bytes.resize(bytes.size() - left);
  return bytes;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(drawing_tests, oiio_bench)

CAF_TEST(a drop shadow is drawn with what casts it) {
  for (
    const auto* shadow :
    {R"(<feDropShadow dx="10" dy="10" stdDeviation="0" flood-color="#0000ff"/>)",
     R"(<feDropShadow dx='10' dy='10' stdDeviation='0' flood-color='#0000ff'></feDropShadow>)"}) {
    input(shadowed(shadow), svg_type);
    const auto shown = preview(); // 320 x 160
    CAF_CHECK_LESS_OR_EQUAL(difference(middle(shown), {220, 30, 30}), 4);
    const auto* below = shown.row(120) + std::size_t{200} * 3;
    CAF_CHECK_LESS_OR_EQUAL(difference({below[0], below[1], below[2]}, {0, 0, 255}), 4);
  }
}

CAF_TEST(a shadow of what another filter has made is drawn) {
  input(shadowed(R"(<feOffset dx="20"/><feDropShadow dx="0" dy="0" stdDeviation="0"/>)"), svg_type);
  const auto shown = preview();
  const auto* right = shown.row(80) + std::size_t{215} * 3;
  CAF_CHECK_LESS_OR_EQUAL(difference({right[0], right[1], right[2]}, {220, 30, 30}), 4);
}

CAF_TEST(a comment about a drop shadow stays one) {
  input(shadowed("<!-- <feDropShadow/> --><feOffset/>"), svg_type);
  CAF_CHECK_LESS_OR_EQUAL(difference(middle(preview()), {220, 30, 30}), 4);
}

CAF_TEST(a drawing fills the box of its preview) {
  input(
    R"(<svg xmlns="http://www.w3.org/2000/svg" width="24" height="12"><rect width="24" height="12" fill="red"/></svg>)",
    svg_type);
  const auto shown = preview();
  CAF_CHECK_EQUAL(shown.width, 320u);
  CAF_CHECK_EQUAL(shown.height, 160u);
  const auto done = run(run_deep_image, job_kind::image_renditions).value();
  CAF_CHECK_EQUAL(done.files.front().width, 320u);
  CAF_CHECK_EQUAL(done.media, R"({"width":24,"height":12,"orientation":1})");
}

CAF_TEST(a packed drawing is drawn unless it is a bomb) {
  const auto drawing = shadowed("<feOffset/>");
  input(gzipped(drawing), "image/svg+xml-compressed");
  CAF_CHECK_LESS_OR_EQUAL(difference(middle(preview()), {220, 30, 30}), 4);
  input(gzipped(drawing + std::string(9U << 20U, ' ')), "image/svg+xml-compressed");
  CAF_CHECK_EQUAL(failure(run_deep_image, job_kind::image_preview), "too_large");
}

CAF_TEST(a JPEG XL is read and checked by its header) {
  const auto bytes = jxl(quarters(640, 480));
  input(bytes, "image/jxl");
  CAF_CHECK_EQUAL(corners(preview()), "RGBW");
  options.limits.max_side = 600;
  CAF_CHECK_EQUAL(failure(run_deep_image, job_kind::image_preview), "too_large");
  input(bytes.substr(0, 30), "image/jxl");
  options.limits.max_side = 640;
  CAF_CHECK_EQUAL(failure(run_deep_image, job_kind::image_preview), "corrupt_media");
}

CAF_TEST(a JPEG XL says when it was taken and what it is called) {
  input(jxl(quarters(64, 48)), "image/jxl");
  tag_input("jxl", "-m '-DateTimeOriginal=2024:05:01 12:34:56' '-XMP-dc:Title=A tower'");
  const auto done = run(jobs(), job_kind::image_preview).value();
  CAF_CHECK_NOT_EQUAL(
    done.media.find(R"("taken_at":"2024-05-01T12:34:56.000Z","zone":null,"title":"A tower")"),
    std::string::npos);
}

CAF_TEST(a JPEG XL that is cut off shows what is there and says so) {
  const auto bytes = jxl(noise(640, 480));
  input(bytes.substr(0, bytes.size() * 2 / 3), "image/jxl");
  const auto made = run(run_deep_image, job_kind::image_preview).value();
  CAF_CHECK_EQUAL(made.media.find("incomplete") != std::string::npos, true);
}

CAF_TEST_FIXTURE_SCOPE_END()
