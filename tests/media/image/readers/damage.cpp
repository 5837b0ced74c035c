#define CAF_SUITE media_image_readers_damage

#include "media/encode/encode.hpp"
#include "media/image/readers/readers.hpp"
#include "tests/media/support/image_jobs.hpp"

#include <webp/encode.h>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::media;
using namespace mediad::tests;

namespace {

using strings = std::vector<std::string>;

const strings both_corrupt{"corrupt_media", "corrupt_media"};
const strings both_too_large{"too_large", "too_large"};

struct fixture : image_jobs {
  /// How the preview and the ladder of the input fail.
  strings failures() {
    return {failure(run_light, job_kind::image_preview),
            failure(run_light, job_kind::image_renditions)};
  }
  /// What both say of damage, and how far up the picture is as it should be: the first letters of
  /// its upper quarters, and of its lower ones.
  std::string said(std::string_view bytes, const std::string& media_type) {
    input(bytes, media_type);
    const auto upper_and_lower = corners(preview());
    const bool preview_tells = is_said_incomplete();
    static_cast<void>(ladder());
    return upper_and_lower + (preview_tells ? " incomplete" : " whole")
           + (is_said_incomplete() ? " incomplete" : " whole");
  }

private:
  bool is_said_incomplete() const {
    return done.media.find(R"("damage":"incomplete")") != std::string::npos;
  }
};

/// quarters(), with something to pack in every row.
picture noisy_quarters(std::uint32_t width, std::uint32_t height) {
  auto made = quarters(width, height);
  const auto grain = noise(width, height);
  for (std::size_t i = 0; i < made.pixels.size(); ++i) {
    const auto dark = static_cast<std::uint8_t>(grain.pixels[i] / 8);
    made.pixels[i] = static_cast<std::uint8_t>(made.pixels[i] > 127 ? 255 - dark : dark);
  }
  return made;
}

std::string baseline_jpeg(const picture& p) {
  return encode_jpeg(to_planar(p, chroma::half), 90, false).value();
}

std::string lossless_webp(const picture& p) {
  std::uint8_t* bytes = nullptr;
  const auto count =
    WebPEncodeLosslessRGB(p.pixels.data(), static_cast<int>(p.width), static_cast<int>(p.height),
                          static_cast<int>(p.stride()), &bytes);
  std::string made{reinterpret_cast<const char*>(bytes), count};
  WebPFree(bytes);
  return made;
}

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

CAF_TEST(a JPEG that was cut off shows what is there and says that it is incomplete) {
  const auto whole = baseline_jpeg(noisy_quarters(400, 300));
  const auto shown = said(most_of(whole), "image/jpeg");
  CAF_CHECK_EQUAL(shown.substr(0, 2), "RG");
  CAF_CHECK_EQUAL(shown.substr(4), " incomplete incomplete");
}

CAF_TEST(a progressive JPEG that lacks scans is coarse and says so) {
  const auto whole = jpeg(noisy_quarters(400, 300));
  CAF_CHECK_EQUAL(said(most_of(whole), "image/jpeg"), "RGBW incomplete incomplete");
}

CAF_TEST(a JPEG that lacks its end marker is complete) {
  const auto quick = baseline_jpeg(quarters(400, 300));
  const auto slow = jpeg(quarters(400, 300));
  CAF_CHECK_EQUAL(said(quick.substr(0, quick.size() - 2), "image/jpeg"), "RGBW whole whole");
  CAF_CHECK_EQUAL(said(slow.substr(0, slow.size() - 2), "image/jpeg"), "RGBW whole whole");
}

CAF_TEST(a JPEG that ends behind its header is corrupt) {
  const auto whole = baseline_jpeg(quarters(400, 300));
  const auto scan = whole.find("\xFF\xDA");
  input(whole.substr(0, scan + 14), "image/jpeg");
  CAF_CHECK_EQUAL(failures(), both_corrupt);
}

CAF_TEST(a JPEG with bytes overwritten in its pixels is shown and says that it is damaged) {
  auto bytes = baseline_jpeg(noisy_quarters(400, 300));
  bytes.replace(bytes.size() / 2, 300, std::string(300, '\xFF'));
  CAF_CHECK_EQUAL(said(bytes, "image/jpeg").substr(4), " incomplete incomplete");
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

CAF_TEST(a PNG that was cut off shows what is there and says that it is incomplete) {
  const auto shown = said(most_of(png(noisy_quarters(400, 300))), "image/png");
  CAF_CHECK_EQUAL(shown.substr(0, 2), "RG");
  CAF_CHECK_EQUAL(shown.substr(4), " incomplete incomplete");
  CAF_CHECK_EQUAL(preview().channels, 4u); // nothing is seen where nothing is
}

CAF_TEST(a PNG that ends before its first row is corrupt) {
  const auto whole = png(noisy_quarters(400, 300));
  input(whole.substr(0, whole.find("IDAT") + 20), "image/png");
  CAF_CHECK_EQUAL(failures(), both_corrupt);
}

CAF_TEST(a PNG without its end chunk is complete) {
  const auto whole = png(quarters(64, 48));
  for (const std::size_t missing : {1U, 4U, 12U, 14U})
    CAF_CHECK_EQUAL(said(whole.substr(0, whole.size() - missing), "image/png"), "RGBW whole whole");
}

CAF_TEST(a PNG with a wrong checksum is shown and says that it is damaged) {
  auto bytes = png(noisy_quarters(64, 48));
  const auto end = bytes.rfind("IEND");
  bytes[end - 5] = static_cast<char>(bytes[end - 5] ^ 1);
  CAF_CHECK_EQUAL(said(bytes, "image/png"), "RGBW incomplete incomplete");
}

CAF_TEST(a WebP that was cut off shows what is there and says that it is incomplete) {
  const auto lossy = said(most_of(webp(noisy_quarters(400, 300))), "image/webp");
  CAF_CHECK_EQUAL(lossy.substr(0, 2), "RG");
  CAF_CHECK_EQUAL(lossy.substr(4), " incomplete incomplete");
  const auto lossless = said(most_of(lossless_webp(noisy_quarters(400, 300))), "image/webp");
  CAF_CHECK_EQUAL(lossless.substr(0, 2), "RG");
  CAF_CHECK_EQUAL(lossless.substr(4), " incomplete incomplete");
}

CAF_TEST(a WebP that ends within its header is corrupt) {
  input(webp(noise(400, 300)).substr(0, 40), "image/webp");
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
  input(jpeg(noise(400, 300)).substr(0, 200), "image/jpeg");
  static_cast<void>(failures());
  CAF_CHECK_EQUAL(made(), strings{});
}

CAF_TEST_FIXTURE_SCOPE_END()
