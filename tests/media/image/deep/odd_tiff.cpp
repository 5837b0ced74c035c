#define CAF_SUITE media_image_deep_odd_tiff

#include "media/encode/encode.hpp"
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

struct tag {
  unsigned number;
  unsigned type; ///< 3: 16 bits, 4: 32 bits.
  std::uint32_t count;
  std::uint32_t value;
};

constexpr std::uint32_t header_bytes = 8;

std::uint32_t directory_bytes(std::size_t tags) {
  return static_cast<std::uint32_t>(2 + tags * 12 + 4);
}

/// A TIFF whose one directory stands in front, and @p content behind it.
std::string tiff(const std::vector<tag>& tags, const std::string& content) {
  std::string bytes = "II*\0\x08\0\0\0"s + static_cast<char>(tags.size()) + '\0';
  for (const auto& t : tags)
    bytes += little_entry(t.number, t.type, t.count, t.value);
  return bytes + big(0, 4) + content;
}

/// 16 x 16 pixels of the colour 1 of a palette, half transparent.
std::string palette_and_alpha_tiff() {
  constexpr std::uint32_t pixels_at = header_bytes + 2 + 10 * 12 + 4;
  constexpr std::uint32_t pixel_bytes = 16 * 16 * 2;
  std::string content;
  for (int i = 0; i < 16 * 16; ++i)
    content += "\x01\x80"s;
  for (const int value : {200, 100, 50}) {
    std::string ramp(512, '\0');
    ramp[2] = ramp[3] = static_cast<char>(value);
    content += ramp;
  }
  return tiff({{256, 3, 1, 16},
               {257, 3, 1, 16},
               {258, 3, 2, 8 | 8U << 16U},
               {259, 3, 1, 1},
               {262, 3, 1, 3},
               {273, 4, 1, pixels_at},
               {277, 3, 1, 2},
               {279, 4, 1, pixel_bytes},
               {320, 3, 768, pixels_at + pixel_bytes},
               {338, 3, 1, 2}},
              content);
}

/// 16 x 16 pixels of @p pixel, samples of @p bits each, with @p more tags of a higher number.
std::string inks_tiff(const std::string& pixel, const std::vector<tag>& more, unsigned bits = 8) {
  const auto pixel_bytes = static_cast<std::uint32_t>(pixel.size());
  const auto samples = pixel_bytes * 8 / bits;
  const auto bits_at = header_bytes + directory_bytes(8 + more.size());
  std::string content;
  for (std::uint32_t i = 0; i < samples; ++i)
    content += static_cast<char>(bits) + "\0"s;
  for (int i = 0; i < 16 * 16; ++i)
    content += pixel;
  std::vector<tag> tags{{256, 3, 1, 16},
                        {257, 3, 1, 16},
                        {258, 3, samples, bits_at},
                        {259, 3, 1, 1},
                        {262, 3, 1, 5},
                        {273, 4, 1, bits_at + samples * 2},
                        {277, 3, 1, samples},
                        {279, 4, 1, 16 * 16 * pixel_bytes}};
  tags.insert(tags.end(), more.begin(), more.end());
  return tiff(tags, content);
}

/// quarters(64, 48) in strips of 8 rows.
std::string strips_tiff() {
  constexpr std::uint32_t strips = 6;
  constexpr std::uint32_t strip_bytes = 64 * 8 * 3;
  const auto offsets_at = header_bytes + directory_bytes(9);
  const auto pixels_at = offsets_at + strips * 8 + 6;
  const auto reversed = [](std::string bytes) {
    std::reverse(bytes.begin(), bytes.end());
    return bytes;
  };
  std::string content;
  for (std::uint32_t i = 0; i < strips; ++i)
    content += reversed(big(pixels_at + i * strip_bytes, 4));
  for (std::uint32_t i = 0; i < strips; ++i)
    content += reversed(big(strip_bytes, 4));
  content += "\x08\0\x08\0\x08\0"s;
  const auto p = quarters(64, 48);
  content.append(p.pixels.begin(), p.pixels.end());
  return tiff({{256, 3, 1, 64},
               {257, 3, 1, 48},
               {258, 3, 3, offsets_at + strips * 8},
               {259, 3, 1, 1},
               {262, 3, 1, 2},
               {273, 4, strips, offsets_at},
               {277, 3, 1, 3},
               {278, 3, 1, 8},
               {279, 4, strips, offsets_at + strips * 4}},
              content);
}

/// 16 x 16 pixels in L*a*b* of 16 bits.
std::string lab_tiff() {
  const auto bits_at = header_bytes + directory_bytes(8);
  return tiff({{256, 3, 1, 16},
               {257, 3, 1, 16},
               {258, 3, 3, bits_at},
               {259, 3, 1, 1},
               {262, 3, 1, 8},
               {273, 4, 1, bits_at + 6},
               {277, 3, 1, 3},
               {279, 4, 1, 16 * 16 * 6}},
              "\x10\0\x10\0\x10\0"s + std::string(16 * 16 * 6, '\x40'));
}

/// quarters(64, 48) as a JPEG that the tags of TIFF 6.0, section 22, point at: at all in front of
/// its scan, which is the only strip.
std::string old_jpeg_tiff() {
  const auto packed = encode_jpeg(to_planar(quarters(64, 48), chroma::half), 90, false).value();
  constexpr std::size_t scan_header_bytes = 14;
  const auto scan_at = static_cast<std::uint32_t>(packed.find("\xFF\xDA") + scan_header_bytes);
  const auto bits_at = header_bytes + directory_bytes(11);
  const auto length = static_cast<std::uint32_t>(packed.size());
  return tiff({{256, 3, 1, 64},
               {257, 3, 1, 48},
               {258, 3, 3, bits_at},
               {259, 3, 1, 6},
               {262, 3, 1, 6},
               {273, 4, 1, bits_at + 6 + scan_at},
               {277, 3, 1, 3},
               {278, 3, 1, 48},
               {279, 4, 1, length - scan_at},
               {513, 4, 1, bits_at + 6},
               {514, 4, 1, scan_at}},
              "\x08\0\x08\0\x08\0"s + packed);
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

CAF_TEST(inks that were multiplied with alpha are divided by it again) {
  // Half of all magenta where half is seen.
  input(inks_tiff("\0\x80\0\0\x80"s, {{338, 3, 1, 1}}), "image/tiff");
  const auto multiplied = preview();
  input(inks_tiff("\0\xFF\0\0\x80"s, {{338, 3, 1, 2}}), "image/tiff");
  const auto apart = difference(middle(multiplied), middle(preview()));
  CAF_CHECK_EQUAL(multiplied.channels, 4u);
  CAF_CHECK_LESS_OR_EQUAL(apart, 3);
}

CAF_TEST(inks of fewer than 8 bits are as strong as others) {
  input(inks_tiff("\0\xFF\0\0"s, {}), "image/tiff");
  const auto magenta = middle(preview());
  // A byte of single bits: four inks and four spot colours.
  for (const auto& [pixel, bits] : {std::pair{"\x0F\0"s, 4U}, {"\x30"s, 2U}, {"\x40"s, 1U}}) {
    input(inks_tiff(pixel, {}, bits), "image/tiff");
    const auto apart = difference(middle(preview()), magenta);
    CAF_CHECK_LESS_OR_EQUAL(apart, 3);
  }
}

CAF_TEST(inks that are not those of CMYK are not taken for them) {
  input(inks_tiff("\0\x80\0\0\0\0"s, {{332, 3, 1, 2}, {334, 3, 1, 6}}), "image/tiff");
  CAF_CHECK_EQUAL(failure(run_deep_image, job_kind::image_preview), "unsupported_media");
}

CAF_TEST(a TIFF in colours that nothing here reads is not called damaged) {
  input(lab_tiff(), "image/tiff");
  CAF_CHECK_EQUAL(failure(run_deep_image, job_kind::image_preview), "unsupported_media");
}

CAF_TEST(a TIFF that lacks its last strips shows the others) {
  const auto whole = strips_tiff();
  input(whole, "image/tiff");
  CAF_CHECK_EQUAL(corners(preview()), "RGBW");
  input(whole.substr(0, whole.size() - std::size_t{64} * 12 * 3), "image/tiff");
  const auto made = run(run_deep_image, job_kind::image_preview).value();
  const auto seen = corners(decoded(out("preview.webp"))).substr(0, 2);
  CAF_CHECK_EQUAL(seen, "RG");
  CAF_CHECK_EQUAL(made.media.find("incomplete") != std::string::npos, true);
}

CAF_TEST(a JPEG of the old style in a TIFF is read) {
  input(old_jpeg_tiff(), "image/tiff");
  CAF_CHECK_EQUAL(corners(preview()), "RGBW");
}

CAF_TEST_FIXTURE_SCOPE_END()
