#define CAF_SUITE media_image_readers_plain

#include "tests/media/support/image_jobs.hpp"

#include <algorithm>
#include <array>
#include <zlib.h>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::media;
using namespace mediad::tests;
using namespace std::string_literals;

namespace {

std::string little(std::uint64_t bits, std::size_t count) {
  auto bytes = big(bits, count);
  std::reverse(bytes.begin(), bytes.end());
  return bytes;
}

/// A BMP of 64 x 48 pixels, all alike.
/// @param more what stands between the header of 40 bytes and the pixels.
std::string bmp(unsigned bits, unsigned compression, const std::string& more,
                const std::string& pixels) {
  const auto begin = 14 + 40 + more.size();
  return "BM" + little(begin + pixels.size(), 4) + little(0, 4) + little(begin, 4) + little(40, 4)
         + little(64, 4) + little(48, 4) + little(1, 2) + little(bits, 2) + little(compression, 4)
         + std::string(20, '\0') + more + pixels;
}

std::string repeated(const std::string& pixel, int count) {
  std::string row;
  for (int i = 0; i < count; ++i)
    row += pixel;
  return row;
}

/// A TGA of 64 x 48 pixels, without a mark at its end.
std::string tga(char kind, char bits, char how, const std::string& pixels) {
  return "\0\0"s + kind + std::string(9, '\0') + little(64, 2) + little(48, 2) + bits + how
         + pixels;
}

/// The channels of quarters(64, 48).
std::array<std::string, 3> planes() {
  const auto p = quarters(64, 48);
  std::array<std::string, 3> made;
  for (std::size_t i = 0; i < p.pixels.size(); ++i)
    made.at(i % 3) += static_cast<char>(p.pixels[i]);
  return made;
}

/// A PSD of 64 x 48 pixels in RGB: its layers are bytes that make no sense.
std::string psd(const std::string& layers, unsigned bits, unsigned packing,
                const std::string& merged) {
  return "8BPS\0\1\0\0\0\0\0\0\0\3"s + big(48, 4) + big(64, 4) + big(bits, 2) + big(3, 2)
         + big(0, 4) + big(0, 4) + big(layers.size(), 4) + layers + big(packing, 2) + merged;
}

std::string psd(const std::string& layers) {
  const auto [red, green, blue] = planes();
  return psd(layers, 8, 0, red + green + blue);
}

std::string deflated(const std::string& bytes, int level = 9) {
  auto length = compressBound(bytes.size());
  std::string packed(length, '\0');
  compress2(reinterpret_cast<Bytef*>(packed.data()), &length,
            reinterpret_cast<const Bytef*>(bytes.data()), bytes.size(), level);
  packed.resize(length);
  return packed;
}

/// Rows of 64 values: each one's difference to its left neighbour.
std::string differences(std::string rows) {
  for (std::size_t i = rows.size(); i-- > 0;)
    if (i % 64 > 0)
      rows[i] = static_cast<char>(rows[i] - rows[i - 1]);
  return rows;
}

struct fixture : image_jobs {
  /// What the preview of these bytes is: its middle, and how many channels it has.
  void check(const std::string& bytes, const std::string& type, rgb color, unsigned channels = 3) {
    input(bytes, type);
    const auto shown = preview();
    const auto apart = difference(middle(shown), color);
    CAF_CHECK_EQUAL(shown.channels, channels);
    CAF_CHECK_LESS_OR_EQUAL(apart, 4);
  }
};

constexpr auto bmp_type = "image/bmp";
constexpr auto tga_type = "image/x-tga";
constexpr auto psd_type = "image/vnd.adobe.photoshop";

} // namespace

CAF_TEST_FIXTURE_SCOPE(plain_picture_tests, fixture)

CAF_TEST(the fourth byte of a BMP is alpha only if its header says so) {
  const auto pixels = repeated("\x32\x64\xC8\0"s, 64 * 48); // blue, green, red, nothing
  check(bmp(32, 0, "", pixels), bmp_type, {200, 100, 50});
  const auto masks = "\0\0\xFF\0"s + "\0\xFF\0\0"s + "\xFF\0\0\0"s;
  check(bmp(32, 3, masks, pixels), bmp_type, {200, 100, 50});
  const auto with_alpha = masks + "\0\0\0\xFF"s;
  check(bmp(32, 6, with_alpha, pixels), bmp_type, {200, 100, 50}); // no pixel would be seen
  const auto half_seen = repeated("\x32\x64\xC8\x80"s, 64 * 48);
  check(bmp(32, 6, with_alpha, half_seen), bmp_type, {200, 100, 50}, 4);
}

CAF_TEST(the masks of a BMP say where its colours are) {
  const auto turned = "\xFF\0\0\0"s + "\0\xFF\0\0"s + "\0\0\xFF\0"s; // red comes first
  check(bmp(32, 3, turned, repeated("\xC8\x64\x32\0"s, 64 * 48)), bmp_type, {200, 100, 50});
  const auto fours = "\0\x0F\0\0"s + "\xF0\0\0\0"s + "\x0F\0\0\0"s;
  check(bmp(16, 3, fours, repeated("\x63\x0C"s, 64 * 48)), bmp_type, {204, 102, 51});
  check(bmp(16, 0, "", repeated("\x86\x61"s, 64 * 48)), bmp_type, {197, 99, 49}); // 5 bits each
}

CAF_TEST(a BMP with a palette has its colours) {
  const auto palette = "\0\0\0\0"s + "\x32\x64\xC8\0"s + std::string(14 * 4, '\0');
  check(bmp(4, 0, palette, std::string(32 * 48, '\x11')), bmp_type, {200, 100, 50});
}

CAF_TEST(runs of a BMP are unpacked and what they skip is not seen) {
  const auto palette = "\0\0\0\0"s + "\x32\x64\xC8\0"s + std::string(254 * 4, '\0');
  const auto rows = repeated("\x40\1\0\0"s, 48) + "\0\1"s;
  check(bmp(8, 1, palette, rows), bmp_type, {200, 100, 50});
  const auto upper_skipped = repeated("\x40\1\0\0"s, 30) + "\0\1"s;
  check(bmp(8, 1, palette, upper_skipped), bmp_type, {200, 100, 50}, 4);
  const auto fours = palette.substr(0, 64);
  check(bmp(4, 2, fours, repeated("\x40\x11\0\0"s, 48) + "\0\1"s), bmp_type, {200, 100, 50});
}

CAF_TEST(an icon is its largest picture) {
  const auto small = png(solid(16, 16, {0, 0, 255}));
  const auto large = png(solid(48, 48, {200, 100, 50}));
  const auto entry = [](char side, std::size_t bytes, std::size_t at) {
    return std::string{side, side} + "\0\0\1\0\x20\0"s + little(bytes, 4) + little(at, 4);
  };
  check("\0\0\1\0\2\0"s + entry(16, small.size(), 38) + entry(48, large.size(), 38 + small.size())
          + small + large,
        "image/vnd.microsoft.icon", {200, 100, 50});
}

CAF_TEST(an icon of a bitmap shows what its mask leaves) {
  const auto bitmap = little(40, 4) + little(16, 4) + little(32, 4) + little(1, 2) + little(24, 2)
                      + std::string(24, '\0') + repeated("\x32\x64\xC8"s, 16 * 16)
                      + std::string(8 * 4, '\0') + std::string(8 * 4, '\xFF'); // upper half hidden
  input("\0\0\1\0\1\0\x10\x10\0\0\1\0\x18\0"s + little(bitmap.size(), 4) + little(22, 4) + bitmap,
        "image/vnd.microsoft.icon");
  const auto shown = preview();
  CAF_REQUIRE_EQUAL(shown.channels, 4u);
  const auto* seen = shown.row(12) + std::size_t{8} * 4;
  CAF_CHECK_LESS_OR_EQUAL(difference({seen[0], seen[1], seen[2]}, {200, 100, 50}), 4);
  CAF_CHECK_EQUAL(int{seen[3]}, 255);
  CAF_CHECK_EQUAL(int{shown.row(3)[8 * 4 + 3]}, 0);
}

CAF_TEST(alpha in the palette of a TGA and alpha that is multiplied with its colours count) {
  const auto of_palette = "\0\1\1"s + little(0, 2) + little(2, 2) + "\x20"s + std::string(4, '\0')
                          + little(64, 2) + little(48, 2) + "\x08\x08"s + std::string(4, '\0')
                          + "\x32\x64\xC8\x80"s + std::string(64 * 48, '\1');
  check(of_palette, tga_type, {200, 100, 50}, 4);
  const auto pixels = tga(2, 32, 8, repeated("\x19\x32\x64\x80"s, 64 * 48));
  const auto extension = little(495, 2) + std::string(492, '\0') + "\4"s;
  check(pixels + extension + little(pixels.size(), 4) + little(0, 4) + "TRUEVISION-XFILE.\0"s,
        tga_type, {200, 100, 50}, 4);
}

CAF_TEST(plain pictures that are cut off show what is there and say so) {
  const auto inner = png(noise(48, 48));
  const auto part = inner.substr(0, inner.size() * 2 / 3);
  const auto runs = repeated("\xFD"s, 30); // of 49
  for (const auto& [bytes, type] :
       {std::pair{"P6 64 48 255\n" + repeated("\xC8\x64\x32"s, 64 * 30), "image/x-portable-pixmap"},
        {"P3 64 48 255\n" + repeated("200 100 50\n", 64 * 30), "image/x-portable-pixmap"},
        {"qoif" + big(64, 4) + big(48, 4) + "\3\0"s + "\xFE\xC8\x64\x32" + runs, "image/qoi"},
        {bmp(24, 0, "", repeated("\x32\x64\xC8"s, 64 * 30)), bmp_type},
        {tga(2, 24, 0, repeated("\x32\x64\xC8"s, 64 * 30)), tga_type},
        {"\0\0\1\0\1\0\x30\x30\0\0\1\0\x20\0"s + little(inner.size(), 4) + little(22, 4) + part,
         "image/vnd.microsoft.icon"}}) {
    input(bytes, type);
    static_cast<void>(preview());
    const bool is_said = done.media.find("incomplete") != std::string::npos;
    CAF_CHECK_EQUAL(type + std::string{is_said ? " incomplete" : " whole"},
                    type + std::string{" incomplete"});
  }
}

CAF_TEST(a TGA of each kind has its colours) {
  check(tga(2, 24, 0, repeated("\x32\x64\xC8"s, 64 * 48)), tga_type, {200, 100, 50});
  check(tga(2, 32, 8, repeated("\x32\x64\xC8\x80"s, 64 * 48)), tga_type, {200, 100, 50}, 4);
  check(tga(3, 16, 8, repeated("\x5A\x80"s, 64 * 48)), tga_type, {90, 90, 90}, 4);
  check(tga(10, 24, 32, repeated("\xFF\x32\x64\xC8"s, 24)), tga_type, {200, 100, 50});
}

CAF_TEST(the pictures of Netpbm are read) {
  check("P6 64 48 255\n" + repeated("\xC8\x64\x32"s, 64 * 48), "image/x-portable-pixmap",
        {200, 100, 50});
  check("P3\n# in words\n64 48 255\n" + repeated("200 100 50\n", 64 * 48),
        "image/x-portable-pixmap", {200, 100, 50});
  check("P5 64 48 65535\n" + repeated("\x5A\x5A"s, 64 * 48), "image/x-portable-graymap",
        {90, 90, 90});
  check("P4 64 48\n" + std::string(8 * 48, '\0'), "image/x-portable-bitmap", {255, 255, 255});
  check("P7\nWIDTH 64\nHEIGHT 48\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n"
          + repeated("\xC8\x64\x32\x80"s, 64 * 48),
        "image/x-portable-anymap", {200, 100, 50}, 4);
}

CAF_TEST(a QOI is read) {
  const auto first = "\xFE\xC8\x64\x32"s;
  const auto runs = repeated("\xFD"s, 49) + "\xF4"s; // 62 pixels each, and 33
  check("qoif" + big(64, 4) + big(48, 4) + "\3\0"s + first + runs + std::string(7, '\0') + '\1',
        "image/qoi", {200, 100, 50});
}

CAF_TEST(a PSD is its merged picture whatever its layers hold) {
  input(psd("no layers\0\2\0\2"s), psd_type);
  CAF_CHECK_EQUAL(corners(preview()), "RGBW");
  auto cut = psd("");
  cut.resize(cut.size() - 1000);
  input(cut, psd_type);
  CAF_CHECK_EQUAL(corners(preview()).substr(0, 2), "RG");
  CAF_CHECK_EQUAL(done.media.find("incomplete") != std::string::npos, true);
}

CAF_TEST(a PSD whose merged picture is packed as ZIP is read) {
  const auto [red, green, blue] = planes();
  const auto joined = deflated(red + green + blue);
  const auto apart = deflated(red) + deflated(green) + deflated(blue);
  const auto moved = deflated(differences(red) + differences(green) + differences(blue));
  for (const auto& [packing, merged] : {std::pair{2U, joined}, {2U, apart}, {3U, moved}}) {
    input(psd("", 8, packing, merged), psd_type);
    CAF_CHECK_EQUAL(corners(preview()), "RGBW");
  }
  auto cut = psd("", 8, 2, deflated(red) + deflated(green) + deflated(blue, 0));
  cut.resize(cut.size() - 1000);
  input(cut, psd_type);
  CAF_CHECK_EQUAL(corners(preview()).substr(0, 2), "RG");
  CAF_CHECK_EQUAL(done.media.find("incomplete") != std::string::npos, true);
}

CAF_TEST(wide values of a PSD are packed as differences) {
  const auto words = [](std::uint64_t value) {
    return repeated(big(value << 8U, 2) + std::string(126, '\0'), 48);
  };
  check(psd("", 16, 3, deflated(words(200) + words(100) + words(50))), psd_type, {200, 100, 50});
  // 1.0, 0.5 and 0.0 of linear light: all first bytes of a row, all second ones and so on.
  const auto floats = [](char first, char second) {
    const auto row = std::string(64, first) + std::string(64, second) + std::string(128, '\0');
    auto moved = row;
    for (std::size_t i = row.size(); --i > 0;)
      moved[i] = static_cast<char>(row[i] - row[i - 1]);
    return repeated(moved, 48);
  };
  check(
    psd("", 32, 3, deflated(floats('\x3F', '\x80') + floats('\x3F', '\0') + floats('\0', '\0'))),
    psd_type, {255, 188, 0});
}

CAF_TEST(pixel art keeps each of its colours) {
  auto art = quarters(16, 16);
  for (std::size_t i = 0; i < art.pixels.size(); i += 6)
    art.pixels[i] = 77;
  input(png(art), "image/png");
  CAF_CHECK_EQUAL(preview().pixels == art.pixels, true);
  static_cast<void>(ladder());
  CAF_CHECK_EQUAL(decoded(out("w16.webp")).pixels == art.pixels, true);
}

CAF_TEST(pixel art that is shrunk keeps its edges between colours sharp) {
  picture art{500, 500, 3}; // squares of red and blue, whose edges blend when it is shrunk
  for (std::uint32_t y = 0; y < art.height; ++y)
    for (std::uint32_t x = 0; x < art.width; ++x)
      art.row(y)[std::size_t{x} * 3 + ((x / 25 + y / 25) % 2 == 0 ? 0 : 2)] = 255;
  input(png(art), "image/png");
  static_cast<void>(preview());
  static_cast<void>(ladder());
  CAF_CHECK_EQUAL(read(out("preview.webp")).substr(12, 4), "VP8L");
  CAF_CHECK_EQUAL(read(out("w320.webp")).substr(12, 4), "VP8L");
}

CAF_TEST(sizes over the limit are refused before anything is decoded) {
  options.limits.max_side = 60;
  for (const auto& [bytes, type] : {std::pair{bmp(24, 0, "", ""), "image/bmp"},
                                    {tga(2, 24, 0, ""), "image/x-tga"},
                                    {"P6 64 48 255\n"s, "image/x-portable-pixmap"},
                                    {psd(""), "image/vnd.adobe.photoshop"}}) {
    input(bytes, type);
    CAF_CHECK_EQUAL(failure(run_light, job_kind::image_preview), "too_large");
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
