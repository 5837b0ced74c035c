#define CAF_SUITE media_image_deep_odd_tiff

#include "tests/media/image/deep/oiio_bench.hpp"

#include <algorithm>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::media;
using namespace mediad::tests;
using namespace std::string_literals;

namespace {

/// An entry of a TIFF directory, least significant byte first.
std::string little_entry(unsigned tag, unsigned type, std::uint32_t count, std::uint32_t value) {
  const auto reversed = [](std::string bytes) {
    std::reverse(bytes.begin(), bytes.end());
    return bytes;
  };
  return reversed(big(tag, 2)) + reversed(big(type, 2)) + reversed(big(count, 4))
         + reversed(big(value, 4));
}

/// 16 x 16 pixels of the colour 1 of a palette, half transparent.
std::string palette_and_alpha_tiff() {
  constexpr std::uint32_t entries = 10;
  constexpr std::uint32_t pixels_at = 8 + 2 + entries * 12 + 4;
  constexpr std::uint32_t pixel_bytes = 16 * 16 * 2;
  std::string bytes = "II*\0\x08\0\0\0\x0A\0"s;
  bytes += little_entry(256, 3, 1, 16) + little_entry(257, 3, 1, 16)
           + little_entry(258, 3, 2, 8 | 8U << 16U) + little_entry(259, 3, 1, 1)
           + little_entry(262, 3, 1, 3) + little_entry(273, 4, 1, pixels_at)
           + little_entry(277, 3, 1, 2) + little_entry(279, 4, 1, pixel_bytes)
           + little_entry(320, 3, 768, pixels_at + pixel_bytes) + little_entry(338, 3, 1, 2)
           + big(0, 4);
  for (int i = 0; i < 16 * 16; ++i)
    bytes += "\x01\x80"s;
  for (const int value : {200, 100, 50}) {
    std::string ramp(512, '\0');
    ramp[2] = ramp[3] = static_cast<char>(value);
    bytes += ramp;
  }
  return bytes;
}

struct fixture : oiio_bench {
  /// quarters() in inks, and perhaps more channels.
  std::string inks_seen(const std::string& packing, std::size_t channels) {
    const auto colors = quarters(64, 48);
    std::vector<std::uint8_t> inks(std::size_t{64} * 48 * channels, 0);
    for (std::size_t i = 0; i < std::size_t{64} * 48; ++i)
      for (std::size_t c = 0; c < 3; ++c)
        inks[i * channels + c] = static_cast<std::uint8_t>(255 - colors.pixels[i * 3 + c]);
    OIIO::ImageSpec spec{64, 48, static_cast<int>(channels), OIIO::TypeUInt8};
    spec.attribute("tiff:ColorSpace", "CMYK");
    spec.attribute("oiio:ColorSpace", "CMYK");
    spec.attribute("tiff:PhotometricInterpretation", 5);
    spec.attribute("compression", packing);
    input_by_oiio("tif", spec, OIIO::TypeUInt8, inks.data(), "image/tiff");
    return corners(preview());
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(odd_tiff_tests, fixture)

CAF_TEST(inks of a TIFF are colours whatever packs them and whatever stands beside them) {
  CAF_CHECK_EQUAL(inks_seen("none", 4), "RGBW");
  CAF_CHECK_EQUAL(inks_seen("lzw", 5), "RGBW"); // with a spot colour
  CAF_CHECK_EQUAL(inks_seen("jpeg", 4), "RGBW");
}

CAF_TEST(a palette with alpha in a TIFF keeps both) {
  input(palette_and_alpha_tiff(), "image/tiff");
  const auto shown = preview();
  const auto apart = difference(middle(shown), {200, 100, 50});
  CAF_CHECK_EQUAL(shown.channels, 4u);
  CAF_CHECK_EQUAL(int{shown.pixels[3]}, 128);
  CAF_CHECK_LESS_OR_EQUAL(apart, 3);
}

CAF_TEST_FIXTURE_SCOPE_END()
