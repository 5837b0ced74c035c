#define CAF_SUITE media_image_readers_formats

#include "media/encode/encode.hpp"
#include "media/image/readers/readers.hpp"
#include "tests/media/support/pictures.hpp"

#include <nlohmann/json.hpp>

#include <gif_lib.h>
#include <webp/demux.h>
#include <zlib.h>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::media;
using namespace mediad::tests;
using namespace std::string_literals;

namespace {

int append(GifFileType* gif, const GifByteType* bytes, int count) {
  static_cast<std::string*>(gif->UserData)
    ->append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(count));
  return count;
}

/// A GIF of squares of one colour each, a tenth of a second long: 0 red, 1 green, 2 blue, 3 white.
std::string gif(int side, const std::vector<int>& frames) {
  const std::array<GifColorType, 4> colors{
    {{255, 0, 0}, {0, 255, 0}, {0, 0, 255}, {255, 255, 255}}};
  auto* map = GifMakeMapObject(4, colors.data());
  std::string bytes;
  int failed = 0;
  auto* file = EGifOpen(&bytes, append, &failed);
  EGifSetGifVersion(file, true);
  EGifPutScreenDesc(file, side, side, 2, 0, map);
  std::vector<GifPixelType> line(static_cast<std::size_t>(side));
  for (const int color : frames) {
    const GraphicsControlBlock control{DISPOSE_DO_NOT, false, 10, NO_TRANSPARENT_COLOR};
    std::array<GifByteType, 4> extension{};
    EGifGCBToExtension(&control, extension.data());
    EGifPutExtension(file, GRAPHICS_EXT_FUNC_CODE, 4, extension.data());
    EGifPutImageDesc(file, 0, 0, side, side, false, nullptr);
    std::fill(line.begin(), line.end(), static_cast<GifPixelType>(color));
    for (int y = 0; y < side; ++y)
      EGifPutLine(file, line.data(), side);
  }
  EGifCloseFile(file, &failed);
  GifFreeMapObject(map);
  return bytes;
}

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

std::string directory_entry(unsigned tag, unsigned type, std::size_t count, std::string value) {
  value.resize(4);
  return big(tag, 2) + big(type, 2) + big(count, 4) + value;
}

/// A raw file as cameras build it: a TIFF directory that points to a JPEG, held on its side.
std::string raw_with(const std::string& preview) {
  constexpr std::size_t preview_at = 8 + 2 + 4 * 12 + 4;
  return "MM\0*"s + big(8, 4) + big(4, 2) + directory_entry(0x0112, 3, 1, big(6, 2))
         + directory_entry(0x0201, 4, 1, big(preview_at, 4))
         + directory_entry(0x0202, 4, 1, big(preview.size(), 4))
         + directory_entry(0xC612, 1, 4, "\1\4\0\0"s) + big(0, 4) + preview;
}

/// Exif with an artist (`me`) and a directory of places.
std::string exif_with_place() {
  return "Exif\0\0MM\0*"s + big(8, 4) + big(2, 2) + directory_entry(0x013B, 2, 3, "me")
         + directory_entry(0x8825, 4, 1, big(38, 4)) + big(0, 4) + big(1, 2)
         + directory_entry(1, 2, 2, "N") + big(0, 4);
}

struct fixture : workbench {
  picture preview() {
    done = run(run_light, job_kind::image_preview).value();
    return decoded(out("preview.webp"));
  }
  std::string ladder() {
    std::string names;
    done = run(run_light, job_kind::image_renditions).value();
    for (const auto& file : done.files)
      names += file.name + " ";
    return names;
  }
  /// How far the preview's middle is from a colour.
  int apart(rgb from) {
    return difference(middle(preview()), from);
  }
  int rung_apart(const char* name, rgb from) {
    return difference(middle(decoded(out(name))), from);
  }

  job_result done;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(image_formats_tests, fixture)

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

CAF_TEST(a GIF shows its first frame) {
  input(gif(64, {0, 2}), "image/gif");
  const auto far = apart({255, 0, 0});
  CAF_CHECK_LESS_OR_EQUAL(far, 4);
}

CAF_TEST(a GIF that moves is kept moving as WebP) {
  input(gif(64, {0, 1, 2}), "image/gif");
  CAF_CHECK_EQUAL(ladder(), "w64.jpg w64.webp animation.webp ");
  CAF_CHECK_EQUAL(done.media, R"({"frames":3,"height":64,"orientation":1,"width":64})");
  const auto made = read(out("animation.webp"));
  const WebPData data{reinterpret_cast<const std::uint8_t*>(made.data()), made.size()};
  auto* decoder = WebPAnimDecoderNew(&data, nullptr);
  WebPAnimInfo info{};
  WebPAnimDecoderGetInfo(decoder, &info);
  std::uint8_t* pixels = nullptr;
  int ends_at = 0;
  for (int i = 0; i < 2; ++i)
    WebPAnimDecoderGetNext(decoder, &pixels, &ends_at);
  const rgb second{pixels[0], pixels[1], pixels[2]};
  WebPAnimDecoderDelete(decoder);
  const auto far = difference(second, {0, 255, 0});
  CAF_CHECK_EQUAL(info.frame_count, 3u);
  CAF_CHECK_EQUAL(ends_at, 200);
  CAF_CHECK_LESS_OR_EQUAL(far, 8);
}

CAF_TEST(a GIF that stands still gets no animation) {
  input(gif(64, {1}), "image/gif");
  CAF_CHECK_EQUAL(ladder(), "w64.jpg w64.webp ");
}

CAF_TEST(a WebP that moves shows its first frame and is kept moving) {
  input(gif(64, {2, 1}), "image/gif");
  run(run_light, job_kind::image_renditions).value();
  input(read(out("animation.webp")), "image/webp");
  const auto far = apart({0, 0, 255});
  CAF_CHECK_LESS_OR_EQUAL(far, 8);
  CAF_CHECK_EQUAL(ladder(), "w64.jpg w64.webp animation.webp ");
}

CAF_TEST(an animation with more frames than the limit is refused) {
  options.limits.max_frames = 2;
  input(gif(64, {0, 1, 2}), "image/gif");
  CAF_CHECK_EQUAL(failure(run_light, job_kind::image_preview), "too_large");
  CAF_CHECK_EQUAL(failure(run_light, job_kind::image_renditions), "too_large");
}

CAF_TEST(a GIF that was cut off is corrupt) {
  const auto whole = gif(64, {0});
  input(whole.substr(0, whole.size() / 2), "image/gif");
  CAF_CHECK_EQUAL(failure(run_light, job_kind::image_preview), "corrupt_media");
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

CAF_TEST(a PNG with a colour beyond its palette is corrupt) {
  const auto palette = png_chunk("PLTE", "\x10\x20\x30"s);
  input(raw_png(48, 8, 3, std::string(48, '\1'), palette), "image/png");
  CAF_CHECK_EQUAL(failure(run_light, job_kind::image_preview), "corrupt_media");
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

CAF_TEST(the preview of a raw file is turned as the camera was held) {
  input(raw_with(jpeg(quarters(640, 480))), "image/x-adobe-dng");
  const auto shown = preview();
  CAF_CHECK_EQUAL(corners(shown), "BRWG");
  CAF_CHECK_EQUAL(shown.width, 240u);
}

CAF_TEST(a raw file without a preview is not supported) {
  input(raw_with("no JPEG at all"), "image/x-adobe-dng");
  CAF_CHECK_EQUAL(failure(run_light, job_kind::image_preview), "unsupported_media");
}

CAF_TEST(more metadata than the limit are refused) {
  options.limits.max_metadata_bytes = 64U << 10U;
  auto heavy = jpeg(quarters(64, 48));
  for (int i = 0; i < 2; ++i)
    heavy = with_segment(heavy, 0xE1, std::string(40'000, 'x'));
  input(heavy, "image/jpeg");
  CAF_CHECK_EQUAL(failure(run_light, job_kind::image_preview), "too_large");
}

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
  const auto kept = read_jpeg(out("w320.jpg"), {}, {}).value().icc;
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
