#define CAF_SUITE media_image_animation

#include "tests/media/support/image_jobs.hpp"

#include <array>
#include <gif_lib.h>
#include <vector>
#include <webp/demux.h>

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

/// The packed pixels of a PNG.
std::string packed_pixels(const picture& p) {
  const auto bytes = png(p);
  std::string packed;
  for (std::size_t at = 8; at + 12 <= bytes.size();) {
    const auto length = static_cast<std::size_t>(static_cast<unsigned char>(bytes[at + 2]) * 256
                                                 + static_cast<unsigned char>(bytes[at + 3]));
    if (bytes.substr(at + 4, 4) == "IDAT")
      packed += bytes.substr(at + 8, length);
    at += 12 + length;
  }
  return packed;
}

/// One frame of an APNG: a tenth of a second of a square of one colour.
struct apng_frame {
  rgb color;
  unsigned side, left, top;
  char disposal, blending;
};

/// 64 x 64 pixels of RGB.
std::string apng(const std::vector<apng_frame>& frames) {
  auto bytes = "\x89PNG\r\n\x1A\n" + png_chunk("IHDR", big(64, 4) + big(64, 4) + "\x08\x02\0\0\0"s)
               + png_chunk("acTL", big(frames.size(), 4) + big(0, 4));
  std::uint64_t number = 0;
  for (const auto& f : frames) {
    const bool is_first = number == 0;
    bytes +=
      png_chunk("fcTL", big(number++, 4) + big(f.side, 4) + big(f.side, 4) + big(f.left, 4)
                          + big(f.top, 4) + big(1, 2) + big(10, 2) + f.disposal + f.blending);
    const auto packed = packed_pixels(solid(f.side, f.side, f.color));
    bytes += is_first ? png_chunk("IDAT", packed) : png_chunk("fdAT", big(number++, 4) + packed);
  }
  return bytes + png_chunk("IEND", "");
}

/// What each frame of a WebP shows in its upper left and in its lower right quarter: R, G, B, or -
/// for nothing.
std::string shown_by_frames(const std::string& webp) {
  const WebPData data{reinterpret_cast<const std::uint8_t*>(webp.data()), webp.size()};
  auto* decoder = WebPAnimDecoderNew(&data, nullptr);
  std::string shown;
  std::uint8_t* pixels = nullptr;
  for (int ends_at = 0; WebPAnimDecoderGetNext(decoder, &pixels, &ends_at) != 0;) {
    for (const std::size_t at : {16U, 48U}) {
      const auto* p = pixels + (at * 64 + at) * 4;
      shown += p[3] < 128 ? '-' : p[0] > 128 ? 'R' : p[1] > 128 ? 'G' : 'B';
    }
    shown += ' ';
  }
  WebPAnimDecoderDelete(decoder);
  return shown;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(image_animation_tests, image_jobs)

CAF_TEST(a GIF shows its first frame) {
  input(gif(64, {0, 2}), "image/gif");
  const auto far = apart({255, 0, 0});
  CAF_CHECK_LESS_OR_EQUAL(far, 4);
}

CAF_TEST(a GIF that moves is kept moving as WebP) {
  input(gif(64, {0, 1, 2}), "image/gif");
  CAF_CHECK_EQUAL(ladder(), "w64.jpg w64.webp animation.webp ");
  CAF_CHECK_EQUAL(done.media, R"({"width":64,"height":64,"orientation":1,"frames":3})");
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

CAF_TEST(the frames of an APNG are laid on each other as each of them says) {
  const std::vector<apng_frame> frames{{{255, 0, 0}, 64, 0, 0, 0, 0},   // stays
                                       {{0, 255, 0}, 32, 0, 0, 1, 0},   // is wiped away
                                       {{0, 0, 255}, 32, 32, 32, 2, 1}, // what it hid comes back
                                       {{0, 255, 0}, 32, 0, 0, 0, 1}};
  input(apng(frames), "image/png");
  CAF_CHECK_EQUAL(ladder(), "w64.jpg w64.webp animation.webp ");
  CAF_CHECK_EQUAL(done.media, R"({"width":64,"height":64,"orientation":1,"frames":4})");
  CAF_CHECK_EQUAL(shown_by_frames(read(out("animation.webp"))), "RR GR -B GR ");
}

CAF_TEST(an APNG that is cut off shows what is there) {
  const auto whole = apng({{{255, 0, 0}, 64, 0, 0, 0, 0}, {{0, 255, 0}, 64, 0, 0, 0, 0}});
  input(whole.substr(0, whole.size() - 40), "image/png");
  const auto far = apart({255, 0, 0});
  CAF_CHECK_LESS_OR_EQUAL(far, 4);
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

CAF_TEST(a GIF that ends before its first line is corrupt) {
  const auto whole = gif(64, {0});
  input(whole.substr(0, whole.find(',') + 10), "image/gif");
  CAF_CHECK_EQUAL(failure(run_light, job_kind::image_preview), "corrupt_media");
}

CAF_TEST(a GIF that lacks its end mark is complete) {
  auto whole = gif(64, {0, 1, 2});
  whole.pop_back();
  input(whole, "image/gif");
  CAF_CHECK_EQUAL(ladder(), "w64.jpg w64.webp animation.webp ");
  CAF_CHECK_EQUAL(done.media, R"({"width":64,"height":64,"orientation":1,"frames":3})");
}

CAF_TEST(a GIF that was cut off keeps its whole frames and says that it is incomplete) {
  const auto whole = gif(64, {0, 1, 2});
  input(whole.substr(0, whole.size() - 10), "image/gif");
  CAF_CHECK_EQUAL(ladder(), "w64.jpg w64.webp animation.webp ");
  CAF_CHECK_EQUAL(done.media,
                  R"({"width":64,"height":64,"orientation":1,"frames":2,"damage":"incomplete"})");
}

CAF_TEST(a GIF that was cut off in its first frame shows the lines that are there) {
  const auto whole = gif(64, {1});
  input(whole.substr(0, whole.size() - 20), "image/gif");
  const auto shown = preview();
  const rgb top{shown.pixels[0], shown.pixels[1], shown.pixels[2]};
  CAF_CHECK_EQUAL(difference(top, {0, 255, 0}) <= 8, true);
  CAF_CHECK_EQUAL(done.media.find("incomplete") != std::string::npos, true);
}

CAF_TEST(an animated WebP that was cut off keeps its whole frames) {
  input(gif(64, {2, 1, 0}), "image/gif");
  run(run_light, job_kind::image_renditions).value();
  const auto whole = read(out("animation.webp"));
  input(whole.substr(0, whole.size() - 4), "image/webp");
  CAF_CHECK_EQUAL(ladder(), "w64.jpg w64.webp animation.webp ");
  CAF_CHECK_EQUAL(done.media,
                  R"({"width":64,"height":64,"orientation":1,"damage":"incomplete","frames":2})");
}

CAF_TEST_FIXTURE_SCOPE_END()
