#define CAF_SUITE media_image_readers_jpeg_averages

#include "media/image/readers/jpeg_averages.hpp"

#include "tests/media/support/pictures.hpp"

#include <memory>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::media;
using namespace mediad::tests;

namespace {

using bytes_view = std::span<const std::uint8_t>;

struct style {
  int wide = 2; ///< Luma samples for one of chroma, across
  int high = 2; ///< and down.
  int quality = 90;
  bool own_tables = false;
  unsigned restart_units = 0; ///< 0: never.
};

std::string encoded(const picture& p, const style& how) {
  jpeg_compress_struct codec{};
  jpeg_error_mgr failure{};
  codec.err = jpeg_std_error(&failure);
  jpeg_create_compress(&codec);
  unsigned char* bytes = nullptr;
  unsigned long count = 0;
  jpeg_mem_dest(&codec, &bytes, &count);
  codec.image_width = p.width;
  codec.image_height = p.height;
  codec.input_components = 3;
  codec.in_color_space = JCS_RGB;
  jpeg_set_defaults(&codec);
  jpeg_set_quality(&codec, how.quality, TRUE);
  codec.comp_info[0].h_samp_factor = how.wide;
  codec.comp_info[0].v_samp_factor = how.high;
  codec.optimize_coding = how.own_tables ? TRUE : FALSE;
  codec.restart_interval = how.restart_units;
  jpeg_start_compress(&codec, TRUE);
  while (codec.next_scanline < codec.image_height) {
    auto* row = const_cast<std::uint8_t*>(p.row(codec.next_scanline)); // libjpeg only reads it
    jpeg_write_scanlines(&codec, &row, 1);
  }
  jpeg_finish_compress(&codec);
  jpeg_destroy_compress(&codec);
  std::string file{reinterpret_cast<char*>(bytes), count};
  std::free(bytes); // NOLINT(cppcoreguidelines-no-malloc): libjpeg has allocated it
  return file;
}

bytes_view view(const std::string& file) {
  return {reinterpret_cast<const std::uint8_t*>(file.data()), file.size()};
}

std::optional<planar> quickly(const std::string& file) {
  jpeg_decoder codec;
  CAF_REQUIRE(read_header(codec, view(file)));
  return has_quick_averages(codec) ? read_averages(codec) : std::nullopt;
}

planar by_libjpeg(const std::string& file) {
  jpeg_decoder codec;
  CAF_REQUIRE(read_header(codec, view(file)));
  CAF_REQUIRE(start(codec, {1, JCS_YCbCr, true}));
  auto planes = planes_for(codec);
  CAF_REQUIRE(read_planes(codec, planes));
  return planes;
}

/// The largest difference of two planes of one size.
int farthest(const plane& a, const plane& b) {
  CAF_REQUIRE_EQUAL(a.width, b.width);
  CAF_REQUIRE_EQUAL(a.height, b.height);
  int most = 0;
  for (std::uint32_t y = 0; y < a.height; ++y)
    for (std::uint32_t x = 0; x < a.width; ++x)
      most = std::max(most, std::abs(a.row(y)[x] - b.row(y)[x]));
  return most;
}

/// Smooth in one half, noise in the other: few and many terms a block, long runs of zeros and none.
picture mixed(std::uint32_t width, std::uint32_t height) {
  auto p = noise(width, height);
  for (std::uint32_t y = 0; y < height; ++y)
    for (std::uint32_t x = 0; x < width / 2; ++x)
      for (std::uint32_t c = 0; c < 3; ++c)
        p.row(y)[x * 3 + c] = static_cast<std::uint8_t>((x * (c + 1) + y * 2) / 5 % 256);
  return p;
}

} // namespace

CAF_TEST(the averages are those of libjpeg for all qualities and sides) {
  for (const int quality : {5, 50, 90, 100})
    for (const std::uint32_t width : {8U, 9U, 333U, 640U})
      for (const bool own_tables : {false, true}) {
        const auto file = encoded(mixed(width, 161), {2, 2, quality, own_tables});
        const auto averages = quickly(file);
        CAF_REQUIRE(averages);
        CAF_CHECK_EQUAL(farthest(averages->parts[0], by_libjpeg(file).parts[0]), 0);
      }
}

CAF_TEST(chroma is as much smaller as in the file) {
  for (const int wide : {1, 2, 4})
    for (const int high : {1, 2}) {
      const auto file = encoded(mixed(401, 303), {wide, high});
      const auto averages = quickly(file);
      CAF_REQUIRE(averages);
      CAF_CHECK_EQUAL(averages->chroma_x, 1.0 / wide);
      CAF_CHECK_EQUAL(averages->chroma_y, 1.0 / high);
      const auto whole = by_libjpeg(file);
      CAF_CHECK_EQUAL(farthest(averages->parts[0], whole.parts[0]), 0);
      if (wide == 1 && high == 1) {
        CAF_CHECK_EQUAL(farthest(averages->parts[1], whole.parts[1]), 0);
        CAF_CHECK_EQUAL(farthest(averages->parts[2], whole.parts[2]), 0);
      }
    }
}

CAF_TEST(restart markers are passed) {
  for (const unsigned units : {1U, 7U, 40U}) {
    const auto file = encoded(mixed(640, 400), {2, 2, 90, false, units});
    const auto averages = quickly(file);
    CAF_REQUIRE(averages);
    CAF_CHECK_EQUAL(farthest(averages->parts[0], by_libjpeg(file).parts[0]), 0);
  }
}

CAF_TEST(a file that ends too early is left to libjpeg wherever it ends) {
  const auto file = encoded(mixed(200, 120), {});
  const auto scan = file.find("\xFF\xDA");
  for (auto size = scan + 14; size < file.size(); size += 5) {
    // Not the original's bytes behind the end: what is read there must be found out.
    const std::unique_ptr<char[]> exact{new char[size]};
    file.copy(exact.get(), size);
    jpeg_decoder codec;
    CAF_REQUIRE(read_header(codec, {reinterpret_cast<const std::uint8_t*>(exact.get()), size}));
    CAF_CHECK(!read_averages(codec));
  }
}

CAF_TEST(a missing and a wrong restart marker are left to libjpeg) {
  const auto file = encoded(mixed(640, 400), {2, 2, 90, false, 7});
  const auto marker = file.find("\xFF\xD3");
  CAF_REQUIRE(marker != std::string::npos);
  auto wrong = file;
  wrong[marker + 1] = '\xD4';
  CAF_CHECK(!quickly(wrong));
  CAF_CHECK(!quickly(std::string{file}.erase(marker, 2)));
}

CAF_TEST(flipped bits lead to no averages or to some and never out of bounds) {
  const auto file = encoded(mixed(200, 120), {2, 2, 75});
  unsigned refused = 0;
  for (auto at = file.find("\xFF\xDA") + 14; at < file.size(); at += 11) {
    auto damaged = file;
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << (at % 8)));
    refused += quickly(damaged) ? 0 : 1;
  }
  CAF_CHECK(refused > 0);
}
