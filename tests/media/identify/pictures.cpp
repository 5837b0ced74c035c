#define CAF_SUITE media_identify_pictures

#include "tests/media/identify/identified.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::media;
using namespace mediad::tests;
using namespace std::string_literals;

CAF_TEST_FIXTURE_SCOPE(identify_pictures_tests, identified_fixture)

CAF_TEST(the maker of a camera makes no TIFF a raw file) {
  // Make, and a directory within; that holds a thumbnail in colour, or what a sensor saw.
  const auto by_nikon = [](std::uint64_t photometric) {
    constexpr std::size_t inner_at = 8 + 2 + 2 * 12 + 4;
    constexpr std::size_t make_at = inner_at + 2 + 12 + 4;
    return "MM\0*"s + big(8, 4) + big(2, 2) + big(0x010F, 2) + big(2, 2) + big(6, 4)
           + big(make_at, 4) + big(0x014A, 2) + big(4, 2) + big(1, 4) + big(inner_at, 4) + big(0, 4)
           + big(1, 2) + big(0x0106, 2) + big(3, 2) + big(1, 4) + big(photometric, 2) + big(0, 2)
           + big(0, 4) + "NIKON\0\0\0"s;
  };
  CAF_CHECK_EQUAL(identified(by_nikon(2)), "image image/tiff");
  CAF_CHECK_EQUAL(identified(by_nikon(32'803)), "image image/x-nikon-nef");
}

CAF_TEST(plain pictures are known by what makes sense) {
  const auto bitmap = "\x28\0\0\0"s + std::string(60, '\0');
  const auto icon = "\0\0\1\0\1\0\x10\x10\0\0\1\0\x20\0"s + "\x40\0\0\0\x16\0\0\0"s;
  CAF_CHECK_EQUAL(identified(icon + bitmap), "image image/vnd.microsoft.icon");
  CAF_CHECK_EQUAL(identified(icon + "\x6C" + bitmap.substr(1)), "image image/vnd.microsoft.icon");
  CAF_CHECK_EQUAL(identified(icon + std::string(64, 'x')), "other application/octet-stream");
  CAF_CHECK_EQUAL(identified("BM\0\0\0\0\0\0\0\0\x1E\0\0\0\x10\0\0\0"s), "image image/bmp");
  const auto tga = "\0\0\2"s + std::string(9, '\0') + "\4\0\3\0\x18\0"s;
  CAF_CHECK_EQUAL(identified(tga + std::string(36, '\x81')), "image image/x-tga");
  CAF_CHECK_EQUAL(identified(tga + std::string(20, '\x81')), "other application/octet-stream");
  const auto large_tga = "\0\0\2"s + std::string(9, '\0') + "\x40\0\x30\0\x18\0"s;
  CAF_CHECK_EQUAL(identified(large_tga + std::string(64 * 30 * 3, '\x81')), "image image/x-tga");
  CAF_CHECK_EQUAL(identified(large_tga + std::string(64 * 3, '\x81')),
                  "other application/octet-stream");
  CAF_CHECK_EQUAL(identified("P6\n# ours\n2 1\n255\nabcdef"), "image image/x-portable-pixmap");
  CAF_CHECK_EQUAL(identified("P1\n3 1\n1 0 1\n"), "image image/x-portable-bitmap");
  CAF_CHECK_EQUAL(identified("P1 is the first of them\n"), "document text/plain");
  CAF_CHECK_EQUAL(identified("qoif\0\0\0\1\0\0\0\1\3\0"s), "image image/qoi");
  CAF_CHECK_EQUAL(identified("\xFF\x0A\x10\x20"), "image image/jxl");
}

CAF_TEST_FIXTURE_SCOPE_END()
