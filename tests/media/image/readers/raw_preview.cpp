#define CAF_SUITE media_image_readers_raw_preview

#include "tests/media/support/image_jobs.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::media;
using namespace mediad::tests;
using namespace std::string_literals;

namespace {

/// A raw file as cameras build it: a TIFF directory that points to a JPEG, held on its side.
std::string raw_with(const std::string& preview) {
  constexpr std::size_t preview_at = 8 + 2 + 4 * 12 + 4;
  return "MM\0*"s + big(8, 4) + big(4, 2) + directory_entry(0x0112, 3, 1, big(6, 2))
         + directory_entry(0x0201, 4, 1, big(preview_at, 4))
         + directory_entry(0x0202, 4, 1, big(preview.size(), 4))
         + directory_entry(0xC612, 1, 4, "\1\4\0\0"s) + big(0, 4) + preview;
}

/// A CR3 as Canon builds it: XMP in a box of its own, and the preview in another behind it.
std::string cr3_with(const std::string& preview) {
  const auto box = [](const std::string& type, const std::string& contents) {
    return big(8 + contents.size(), 4) + type + contents;
  };
  const std::string canon{"\xEA\xF4\x2B\x5E\x1C\x98\x4B\x88\xB9\xFB\xB7\xDC\x40\x6E\x4D\x16"};
  const auto shown = big(0, 4) + big(1, 2) + big(1620, 2) + big(1080, 2) + big(1, 2)
                     + big(preview.size(), 4) + preview;
  return box("ftyp", "crx \0\0\0\1crx isom"s) + box("moov", std::string(100, '\0'))
         + box("uuid", std::string(70'000, 'x'))
         + box("uuid", canon + big(1, 8) + box("PRVW", shown))
         + box("mdat", std::string(1000, '\0'));
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(raw_preview_tests, image_jobs)

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

CAF_TEST(the preview of a CR3 is found behind its XMP) {
  input(cr3_with(jpeg(quarters(640, 480))), "image/x-canon-cr3");
  const auto shown = preview();
  CAF_CHECK_EQUAL(corners(shown), "RGBW");
  CAF_CHECK_EQUAL(shown.width, 320u);
}

CAF_TEST_FIXTURE_SCOPE_END()
