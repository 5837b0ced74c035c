#define CAF_SUITE media_image_readers_raw_preview

#include "tests/media/support/image_jobs.hpp"

#include <nlohmann/json.hpp>

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

/// A DNG of 64 x 48 cells of 16 bits that see a ramp from left to right.
std::string sensor_alone() {
  constexpr std::size_t more_at = 8 + 2 + 16 * 12 + 4;
  constexpr std::size_t pixels_at = more_at + 16 + 72 + 24;
  std::string bytes =
    "MM\0*"s + big(8, 4) + big(16, 2) + directory_entry(0x00FE, 4, 1, big(0, 4))
    + directory_entry(0x0100, 4, 1, big(64, 4)) + directory_entry(0x0101, 4, 1, big(48, 4))
    + directory_entry(0x0102, 3, 1, big(16, 2)) + directory_entry(0x0103, 3, 1, big(1, 2))
    + directory_entry(0x0106, 3, 1, big(32'803, 2))
    + directory_entry(0x0111, 4, 1, big(pixels_at, 4)) + directory_entry(0x0115, 3, 1, big(1, 2))
    + directory_entry(0x0116, 4, 1, big(48, 4)) + directory_entry(0x0117, 4, 1, big(64 * 48 * 2, 4))
    + directory_entry(0x828D, 3, 2, "\0\2\0\2"s) + directory_entry(0x828E, 1, 4, "\0\1\1\2"s)
    + directory_entry(0xC612, 1, 4, "\1\4\0\0"s) + directory_entry(0xC614, 2, 16, big(more_at, 4))
    + directory_entry(0xC621, 10, 9, big(more_at + 16, 4))
    + directory_entry(0xC628, 5, 3, big(more_at + 16 + 72, 4)) + big(0, 4) + "Our own sensor\0\0"s;
  for (const int unit : {1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1})
    bytes += big(static_cast<std::uint64_t>(unit), 4) + big(1, 4);
  for (std::uint64_t i = 0; i < 64 * 48; ++i)
    bytes += big(i % 64 * 1000, 2);
  return bytes;
}

/// A directory of TIFF with the name of a camera behind it, and the JPEG behind that.
std::string raw_of_camera(const std::string& preview) {
  constexpr std::size_t name_at = 8 + 2 + 4 * 12 + 4;
  const auto name = "Lighthouse\0"s;
  return "MM\0*"s + big(8, 4) + big(4, 2) + directory_entry(0x010F, 2, name.size(), big(name_at, 4))
         + directory_entry(0x0201, 4, 1, big(name_at + name.size(), 4))
         + directory_entry(0x0202, 4, 1, big(preview.size(), 4))
         + directory_entry(0xC612, 1, 4, "\1\4\0\0"s) + big(0, 4) + name + preview;
}

/// A CR3 as Canon builds it: XMP in a box of its own, and the preview in another behind it.
std::string cr3_with(const std::string& preview) {
  const auto box = [](const std::string& type, const std::string& contents) {
    return big(8 + contents.size(), 4) + type + contents;
  };
  const std::string canon{"\xEA\xF4\x2B\x5E\x1C\x98\x4B\x88\xB9\xFB\xB7\xDC\x40\x6E\x4D\x16"};
  const auto shown = big(0, 4) + big(1, 2) + big(1620, 2) + big(1080, 2) + big(1, 2)
                     + big(preview.size(), 4) + preview;
  const std::string own{"\x85\xC0\xB6\x87\x82\x0F\x11\xE0\x81\x11\xF4\xCE\x46\x2B\x6A\x48"};
  return box("ftyp", "crx \0\0\0\1crx isom"s)
         + box("moov", box("uuid", own + box("CNCV", "Canon") + box("CMT1", raw_of_camera({})))
                         + box("mvhd", std::string(100, '\0')))
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

CAF_TEST(a raw file with neither a preview nor what a sensor saw is not supported) {
  input(raw_with("no JPEG at all"), "image/x-adobe-dng");
  CAF_CHECK_EQUAL(failure(run_light, job_kind::image_preview), "unsupported_media");
}

CAF_TEST(a raw file without a preview is developed) {
  input(sensor_alone(), "image/x-adobe-dng");
  const auto shown = preview();
  CAF_CHECK_EQUAL(shown.width, 64u);
  CAF_CHECK_EQUAL(shown.height, 48u);
  const auto left = shown.row(24)[8 * 3];
  const auto right = shown.row(24)[56 * 3];
  CAF_CHECK_EQUAL(left < right, true); // it is brighter there
}

CAF_TEST(the preview of a CR3 is found behind its XMP) {
  input(cr3_with(jpeg(quarters(640, 480))), "image/x-canon-cr3");
  const auto shown = preview();
  CAF_CHECK_EQUAL(corners(shown), "RGBW");
  CAF_CHECK_EQUAL(shown.width, 320u);
}

CAF_TEST(a raw file says itself with what it was taken) {
  const auto camera = [&] {
    return nlohmann::json::parse(done.media)["camera"].dump();
  };
  input(raw_of_camera(jpeg(quarters(640, 480))), "image/x-adobe-dng");
  preview();
  CAF_CHECK_EQUAL(camera(), R"({"make":"Lighthouse"})");
  input(cr3_with(jpeg(quarters(640, 480))), "image/x-canon-cr3");
  preview();
  CAF_CHECK_EQUAL(camera(), R"({"make":"Lighthouse"})");
}

CAF_TEST_FIXTURE_SCOPE_END()
