#define CAF_SUITE media_image_readers_formats

#include "media/encode/encode.hpp"
#include "tests/media/support/image_jobs.hpp"

#include <avif/avif.h>
#include <stdexcept>
#include <zlib.h>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::media;
using namespace mediad::tests;
using namespace std::string_literals;

namespace {

/// A square PNG of any kind, all rows alike and without filters.
std::string raw_png(std::uint32_t side, int depth, int color, const std::string& row,
                    const std::string& chunks = {}) {
  const auto header = big(side, 4) + big(side, 4) + static_cast<char>(depth)
                      + static_cast<char>(color) + std::string(3, '\0');
  std::string rows;
  for (std::uint32_t y = 0; y < side; ++y)
    rows += '\0' + row;
  auto length = compressBound(rows.size());
  std::string packed(length, '\0');
  compress(reinterpret_cast<Bytef*>(packed.data()), &length,
           reinterpret_cast<const Bytef*>(rows.data()), rows.size());
  packed.resize(length);
  return "\x89PNG\r\n\x1A\n" + png_chunk("IHDR", header) + chunks + png_chunk("IDAT", packed)
         + png_chunk("IEND", {});
}

std::string repeated(const std::string& pixel, int count) {
  std::string row;
  for (int i = 0; i < count; ++i)
    row += pixel;
  return row;
}

void must(avifResult done) {
  if (done != AVIF_RESULT_OK)
    throw std::runtime_error{avifResultToString(done)};
}

/// An AVIF file of @p p, to whose header @p change does something.
template <class Change>
std::string avif_with(const picture& p, Change change) {
  auto* image = avifImageCreate(static_cast<int>(p.width), static_cast<int>(p.height), 8,
                                AVIF_PIXEL_FORMAT_YUV444);
  avifRGBImage pixels;
  avifRGBImageSetDefaults(&pixels, image);
  pixels.format = AVIF_RGB_FORMAT_RGB;
  pixels.pixels = const_cast<std::uint8_t*>(p.pixels.data()); // only read
  pixels.rowBytes = static_cast<std::uint32_t>(p.stride());
  must(avifImageRGBToYUV(image, &pixels));
  change(*image);
  auto* encoder = avifEncoderCreate();
  encoder->speed = 10;
  avifRWData made = AVIF_DATA_EMPTY;
  must(avifEncoderWrite(encoder, image, &made));
  std::string bytes{reinterpret_cast<const char*>(made.data), made.size};
  avifRWDataFree(&made);
  avifEncoderDestroy(encoder);
  avifImageDestroy(image);
  return bytes;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(image_formats_tests, image_jobs)

CAF_TEST(an AVIF is read with its colours where they are) {
  input(encode_avif(quarters(640, 480), {90, 9}).value(), "image/avif");
  const auto shown = preview();
  CAF_CHECK_EQUAL(corners(shown), "RGBW");
  CAF_CHECK_EQUAL(shown.width, 320u);
}

CAF_TEST(the alpha of an AVIF stays) {
  input(encode_avif(solid(64, 48, {200, 100, 50}, 128), {90, 9}).value(), "image/avif");
  const auto shown = preview();
  CAF_CHECK_EQUAL(shown.channels, 4u);
  CAF_CHECK_EQUAL(std::abs(int{shown.pixels[3]} - 128) <= 2, true);
}

CAF_TEST(of an AVIF only the clean aperture is shown) {
  // 320 x 240 in the lower right of 640 x 480: its centre is a quarter of each side from the
  // middle.
  input(avif_with(quarters(640, 480),
                  [](avifImage& image) {
                    image.transformFlags = AVIF_TRANSFORM_CLAP;
                    image.clap = {320, 1, 240, 1, 160, 1, 120, 1};
                  }),
        "image/avif");
  CAF_CHECK_EQUAL(corners(preview()), "WWWW");
  CAF_CHECK_EQUAL(done.media.substr(0, 26), R"({"width":320,"height":240,)");
}

CAF_TEST(an AVIF that does not turn itself is turned by its Exif) {
  const auto block = exif(6).substr(6); // behind Exif\0\0
  const auto with_exif = [&](avifImage& image) {
    // It gives nothing before libavif 1.0, and a result after it.
    static_cast<void>(avifImageSetMetadataExif(
      &image, reinterpret_cast<const std::uint8_t*>(block.data()), block.size()));
    image.transformFlags = AVIF_TRANSFORM_NONE;
  };
  input(avif_with(quarters(640, 480), with_exif), "image/avif");
  CAF_CHECK_EQUAL(corners(preview()), "BRWG");
  input(avif_with(quarters(640, 480),
                  [&](avifImage& image) {
                    with_exif(image);
                    image.transformFlags = AVIF_TRANSFORM_IROT;
                    image.irot.angle = 0;
                  }),
        "image/avif");
  CAF_CHECK_EQUAL(corners(preview()), "RGBW");
}

CAF_TEST(an AVIF that was cut off is corrupt) {
  const auto whole = encode_avif(noise(320, 240), {60, 9}).value();
  input(whole.substr(0, whole.size() / 2), "image/avif");
  CAF_CHECK_EQUAL(failure(run_light, job_kind::image_preview), "corrupt_media");
}

CAF_TEST(an AVIF over the limit of pixels is refused) {
  options.limits.max_pixels = 64 * 48 - 1;
  input(encode_avif(quarters(64, 48), {60, 9}).value(), "image/avif");
  CAF_CHECK_EQUAL(failure(run_light, job_kind::image_preview), "too_large");
}

CAF_TEST(a PNG of 16 bits is shown in 8) {
  input(raw_png(48, 16, 2, repeated("\x80\x80\x40\x40\x20\x20"s, 48)), "image/png");
  const auto far = apart({128, 64, 32});
  CAF_CHECK_LESS_OR_EQUAL(far, 4);
}

CAF_TEST(a PNG with a palette is shown in its colours) {
  const auto palette = png_chunk("PLTE", "\x10\x20\x30\xC8\x64\x32"s);
  input(raw_png(48, 8, 3, std::string(48, '\1'), palette), "image/png");
  const auto far = apart({200, 100, 50});
  CAF_CHECK_LESS_OR_EQUAL(far, 4);
}

CAF_TEST(a colour beyond the palette of a PNG is black) {
  const auto palette = png_chunk("PLTE", "\x10\x20\x30"s);
  input(raw_png(48, 8, 3, std::string(48, '\1'), palette), "image/png");
  const auto far = apart({0, 0, 0});
  CAF_CHECK_LESS_OR_EQUAL(far, 4);
}

CAF_TEST(a PNG of gray and alpha keeps both) {
  input(raw_png(48, 8, 4, repeated("\x5A\x80"s, 48)), "image/png");
  const auto shown = preview();
  const auto far = difference(middle(shown), {90, 90, 90});
  CAF_CHECK_EQUAL(shown.channels, 4u);
  CAF_CHECK_LESS_OR_EQUAL(far, 4);
}

CAF_TEST(a large PNG with alpha is opaque or not as its pixels say) {
  input(png(quarters_with_alpha(2000, 1500, false)), "image/png");
  const auto opaque = preview();
  const auto seen = corners(opaque);
  CAF_CHECK_EQUAL(opaque.channels, 3u);
  CAF_CHECK_EQUAL(seen, "RGBW");
  input(png(quarters_with_alpha(2000, 1500, true)), "image/png");
  const auto holed = preview();
  const auto above = holed.row(0)[3];
  const auto below = holed.row(holed.height - 1)[3];
  CAF_CHECK_EQUAL(int{above}, 255);
  CAF_CHECK_EQUAL(int{below}, 0);
}

CAF_TEST(a transparent colour of a PNG is transparent) {
  const auto hole = png_chunk("tRNS", "\0\xC8\0\x64\0\x32"s);
  input(raw_png(48, 8, 2, repeated("\xC8\x64\x32"s, 48), hole), "image/png");
  const auto shown = preview();
  CAF_CHECK_EQUAL(shown.channels, 4u);
  CAF_CHECK_EQUAL(int{shown.pixels[3]}, 0);
}

CAF_TEST(a progressive JPEG gives its preview from its first scans) {
  input(jpeg(quarters(4000, 3000)), "image/jpeg"); // jpeg() writes progressive ones
  const auto shown = preview();
  CAF_CHECK_EQUAL(corners(shown), "RGBW");
  CAF_CHECK_EQUAL(shown.width, 320u);
}

CAF_TEST(a JPEG of inks without the marker of Adobe is read like one with it) {
  auto bytes = cmyk_jpeg(64, 48, {0, 255, 255, 0}); // red
  constexpr std::size_t segment_bytes = 16;
  bytes.erase(bytes.find("\xFF\xEE"), segment_bytes);
  input(bytes, "image/jpeg");
  const auto far = apart({255, 0, 0});
  CAF_CHECK_LESS_OR_EQUAL(far, 8);
}

CAF_TEST(more metadata than the limit are refused) {
  options.limits.max_metadata_bytes = 64U << 10U;
  auto heavy = jpeg(quarters(64, 48));
  for (int i = 0; i < 2; ++i)
    heavy = with_segment(heavy, 0xE1, std::string(40'000, 'x'));
  input(heavy, "image/jpeg");
  CAF_CHECK_EQUAL(failure(run_light, job_kind::image_preview), "too_large");
}

CAF_TEST_FIXTURE_SCOPE_END()
