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
