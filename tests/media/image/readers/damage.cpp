#define CAF_SUITE media_image_readers_damage

#include "media/image/readers/readers.hpp"
#include "tests/media/support/pictures.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::media;
using namespace mediad::tests;

namespace {

using strings = std::vector<std::string>;

const strings both_corrupt{"corrupt_media", "corrupt_media"};
const strings both_too_large{"too_large", "too_large"};

struct fixture : workbench {
  /// How the preview and the ladder of the input fail.
  strings failures() {
    return {failure(run_light, job_kind::image_preview),
            failure(run_light, job_kind::image_renditions)};
  }
};

std::string most_of(const std::string& bytes) {
  return bytes.substr(0, bytes.size() * 2 / 3);
}

// The two sides in the frame header of a JPEG (ITU-T T.81, B.2.2) become 60,000.
std::string with_huge_sides(std::string jpeg) {
  const auto frame = jpeg.find("\xFF\xC2");
  return jpeg.replace(frame + 5, 4, big(60'000, 2) + big(60'000, 2));
}

std::string png_header(std::uint64_t width, std::uint64_t height) {
  using namespace std::string_literals;
  return "\x89PNG\r\n\x1A\n" + png_chunk("IHDR", big(width, 4) + big(height, 4) + "\x08\x02\0\0\0"s)
         + png_chunk("IDAT", "") + png_chunk("IEND", "");
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(image_damage_tests, fixture)

CAF_TEST(a JPEG that was cut off is corrupt) {
  input(most_of(jpeg(noise(400, 300))), "image/jpeg");
  CAF_CHECK_EQUAL(failures(), both_corrupt);
}

CAF_TEST(a JPEG with bytes overwritten in its pixels is corrupt) {
  auto bytes = jpeg(noise(400, 300));
  bytes.replace(bytes.size() / 2, 300, std::string(300, '\xFF'));
  input(bytes, "image/jpeg");
  CAF_CHECK_EQUAL(failures(), both_corrupt);
}

CAF_TEST(stray bytes between the segments of a JPEG cost it nothing) {
  auto bytes = jpeg(quarters(64, 48));
  bytes.insert(2, std::string(5, '\0'));
  input(bytes, "image/jpeg");
  const strings fine{"ok", "ok"};
  CAF_CHECK_EQUAL(failures(), fine);
}

CAF_TEST(a film after the picture in a JPEG costs it nothing) {
  input(jpeg(quarters(64, 48)) + std::string(5000, 'x'), "image/jpeg");
  const strings fine{"ok", "ok"};
  CAF_CHECK_EQUAL(failures(), fine);
}

CAF_TEST(a PNG that was cut off is corrupt) {
  input(most_of(png(noise(400, 300))), "image/png");
  CAF_CHECK_EQUAL(failures(), both_corrupt);
}

CAF_TEST(a PNG without its end is corrupt) {
  auto bytes = png(quarters(64, 48));
  bytes.resize(bytes.size() - 12);
  input(bytes, "image/png");
  CAF_CHECK_EQUAL(failures(), both_corrupt);
}

CAF_TEST(a PNG with a wrong checksum is corrupt) {
  auto bytes = png(noise(64, 48));
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  input(bytes, "image/png");
  CAF_CHECK_EQUAL(failures(), both_corrupt);
}

CAF_TEST(a WebP that was cut off is corrupt) {
  input(most_of(webp(noise(400, 300))), "image/webp");
  CAF_CHECK_EQUAL(failures(), both_corrupt);
}

CAF_TEST(an empty file that is called a picture is corrupt) {
  const strings types{"image/jpeg", "image/png", "image/webp"};
  strings answers;
  for (const auto& type : types) {
    input("", type);
    answers.push_back(failures().front());
  }
  const strings expected{"corrupt_media", "corrupt_media", "corrupt_media"};
  CAF_CHECK_EQUAL(answers, expected);
}

CAF_TEST(a JPEG that claims billions of pixels is refused by its header) {
  input(with_huge_sides(jpeg(quarters(64, 48))), "image/jpeg");
  CAF_CHECK_EQUAL(failures(), both_too_large);
}

CAF_TEST(a PNG that claims too long a side is refused by its header) {
  input(png_header(40'000, 10), "image/png");
  CAF_CHECK_EQUAL(failures(), both_too_large);
}

CAF_TEST(a PNG that claims too many pixels is refused by its header) {
  input(png_header(30'000, 30'000), "image/png");
  CAF_CHECK_EQUAL(failures(), both_too_large);
}

CAF_TEST(a WebP over the limit of pixels is refused) {
  options.limits.max_pixels = 64 * 48 - 1;
  input(webp(quarters(64, 48)), "image/webp");
  CAF_CHECK_EQUAL(failures(), both_too_large);
}

CAF_TEST(a failed job leaves no file) {
  input(most_of(jpeg(noise(400, 300))), "image/jpeg");
  static_cast<void>(failures());
  CAF_CHECK_EQUAL(made(), strings{});
}

CAF_TEST_FIXTURE_SCOPE_END()
