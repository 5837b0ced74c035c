#include "tests/media/support/pictures.hpp"

#include "base/file.hpp"
#include "media/encode/encode.hpp"
#include "media/image/readers/readers.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <jpeglib.h>
#include <lcms2.h>
#include <memory>
#include <stdexcept>
#include <zlib.h>

namespace mediad::tests {
namespace {

void paint(media::picture& p, std::uint32_t x, std::uint32_t y, rgb color) {
  auto* at = p.row(y) + std::size_t{x} * p.channels;
  for (std::size_t c = 0; c < 3; ++c)
    at[c] = static_cast<std::uint8_t>(color.at(c));
}

rgb color_at(const media::picture& p, std::uint32_t x, std::uint32_t y) {
  const auto* at = p.row(y) + std::size_t{x} * p.channels;
  return {at[0], at[1], at[2]};
}

char letter_of(rgb color) {
  constexpr int like = 60;
  constexpr std::array<std::pair<char, rgb>, 4> letters{
    {{'R', {255, 0, 0}}, {'G', {0, 255, 0}}, {'B', {0, 0, 255}}, {'W', {255, 255, 255}}}};
  for (const auto& [letter, pure] : letters)
    if (difference(color, pure) <= like)
      return letter;
  return '?';
}

struct close_profile {
  void operator()(void* profile) const noexcept {
    cmsCloseProfile(profile);
  }
};
using profile_handle = std::unique_ptr<void, close_profile>;

struct free_curve {
  void operator()(cmsToneCurve* curve) const noexcept {
    cmsFreeToneCurve(curve);
  }
};
using tone_curve = std::unique_ptr<cmsToneCurve, free_curve>;

std::string saved(const profile_handle& profile) {
  cmsUInt32Number count = 0;
  cmsSaveProfileToMem(profile.get(), nullptr, &count);
  std::string bytes(count, '\0');
  cmsSaveProfileToMem(profile.get(), bytes.data(), &count);
  bytes.replace(24, 12, 12, '\0'); // when it was made (ICC.1, 7.2.8): the same bytes each time
  return bytes;
}

// With the curve of sRGB (IEC 61966-2-1) and its white.
std::string profile_of(const cmsCIExyYTRIPLE& primaries) {
  constexpr std::array<double, 5> srgb{2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
  constexpr cmsCIExyY d65{0.3127, 0.3290, 1};
  const tone_curve tone{cmsBuildParametricToneCurve(nullptr, 4, srgb.data())};
  const std::array<cmsToneCurve*, 3> tones{tone.get(), tone.get(), tone.get()};
  return saved(profile_handle{cmsCreateRGBProfile(&d65, &primaries, tones.data())});
}

std::string deflated(const std::string& bytes) {
  auto length = compressBound(bytes.size());
  std::string packed(length, '\0');
  compress(reinterpret_cast<Bytef*>(packed.data()), &length,
           reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
  packed.resize(length);
  return packed;
}

} // namespace

media::picture solid(std::uint32_t width, std::uint32_t height, rgb color, int alpha) {
  media::picture p{width, height, alpha == 255 ? 3U : 4U};
  for (std::uint32_t y = 0; y < height; ++y)
    for (std::uint32_t x = 0; x < width; ++x) {
      paint(p, x, y, color);
      if (p.has_alpha())
        p.row(y)[x * 4 + 3] = static_cast<std::uint8_t>(alpha);
    }
  return p;
}

media::picture quarters(std::uint32_t width, std::uint32_t height) {
  constexpr std::array<rgb, 4> colors{{{255, 0, 0}, {0, 255, 0}, {0, 0, 255}, {255, 255, 255}}};
  media::picture p{width, height, 3};
  for (std::uint32_t y = 0; y < height; ++y)
    for (std::uint32_t x = 0; x < width; ++x)
      paint(p, x, y, colors.at((y >= height / 2 ? 2U : 0U) + (x >= width / 2 ? 1U : 0U)));
  return p;
}

media::picture quarters_with_alpha(std::uint32_t width, std::uint32_t height, bool has_hole) {
  const auto colors = quarters(width, height);
  media::picture p{width, height, 4};
  for (std::size_t i = 0; i < std::size_t{width} * height; ++i) {
    std::copy_n(&colors.pixels[i * 3], 3, &p.pixels[i * 4]);
    p.pixels[i * 4 + 3] = has_hole && i / width >= height / 2 ? 0 : 255;
  }
  return p;
}

media::picture noise(std::uint32_t width, std::uint32_t height) {
  media::picture p{width, height, 3};
  std::uint32_t state = 12345;
  for (auto& value : p.pixels) {
    state = state * 1664525U + 1013904223U;
    value = static_cast<std::uint8_t>(state >> 24U);
  }
  return p;
}

std::string corners(const media::picture& seen) {
  const auto left = seen.width / 4;
  const auto right = seen.width * 3 / 4;
  const auto top = seen.height / 4;
  const auto bottom = seen.height * 3 / 4;
  return {letter_of(color_at(seen, left, top)), letter_of(color_at(seen, right, top)),
          letter_of(color_at(seen, left, bottom)), letter_of(color_at(seen, right, bottom))};
}

rgb middle(const media::picture& seen) {
  return color_at(seen, seen.width / 2, seen.height / 2);
}

int difference(rgb a, rgb b) {
  int most = 0;
  for (std::size_t c = 0; c < 3; ++c)
    most = std::max(most, std::abs(a.at(c) - b.at(c)));
  return most;
}

std::string big(std::uint64_t bits, std::size_t count) {
  std::string bytes;
  for (auto i = count; i-- > 0;)
    bytes += static_cast<char>(bits >> (8 * i) & 0xFFU);
  return bytes;
}

std::string exif(int orientation) {
  using namespace std::string_literals;
  return "Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01"s
         + big(static_cast<unsigned>(orientation), 2) + "\0\0\0\0\0\0secret place"s;
}

std::string display_p3_profile() {
  return profile_of({{0.680, 0.320, 1}, {0.265, 0.690, 1}, {0.150, 0.060, 1}});
}

std::string swapped_profile() {
  return profile_of({{0.30, 0.60, 1}, {0.64, 0.33, 1}, {0.15, 0.06, 1}});
}

std::string linear_gray_profile() {
  const tone_curve linear{cmsBuildGamma(nullptr, 1.0)};
  return saved(profile_handle{cmsCreateGrayProfile(cmsD50_xyY(), linear.get())});
}

std::string jpeg(const media::picture& p) {
  return media::encode_jpeg(p, 95).value();
}

std::string webp(const media::picture& p) {
  return media::encode_webp(p, 95, 2).value();
}

std::string cmyk_jpeg(std::uint32_t width, std::uint32_t height, std::array<int, 4> inks) {
  jpeg_compress_struct codec{};
  jpeg_error_mgr errors{};
  codec.err = jpeg_std_error(&errors); // prints and exits, which fails the test
  jpeg_create_compress(&codec);
  unsigned char* buffer = nullptr;
  unsigned long bytes = 0;
  jpeg_mem_dest(&codec, &buffer, &bytes);
  codec.image_width = width;
  codec.image_height = height;
  codec.input_components = 4;
  codec.in_color_space = JCS_CMYK;
  jpeg_set_defaults(&codec);
  jpeg_set_quality(&codec, 95, TRUE);
  codec.write_Adobe_marker = TRUE;
  jpeg_start_compress(&codec, TRUE);
  std::vector<JSAMPLE> line;
  for (std::uint32_t x = 0; x < width; ++x)
    for (const auto ink : inks)
      line.push_back(static_cast<JSAMPLE>(255 - ink)); // the way Adobe writes it
  for (auto* row = line.data(); codec.next_scanline < height;)
    jpeg_write_scanlines(&codec, &row, 1);
  jpeg_finish_compress(&codec);
  jpeg_destroy_compress(&codec);
  const std::unique_ptr<unsigned char, decltype(&std::free)> owned{buffer, &std::free};
  return {reinterpret_cast<const char*>(buffer), bytes};
}

std::string with_segment(const std::string& jpeg, int marker, const std::string& content) {
  constexpr std::size_t start_bytes = 2;
  return jpeg.substr(0, start_bytes) + '\xFF' + static_cast<char>(marker)
         + big(content.size() + 2, 2) + content + jpeg.substr(start_bytes);
}

std::string with_icc(const std::string& jpeg, const std::string& profile) {
  using namespace std::string_literals;
  return with_segment(jpeg, 0xE2, "ICC_PROFILE\0\1\1"s + profile);
}

std::string png_chunk(std::string_view type, const std::string& content) {
  const auto checked = std::string{type} + content;
  const auto crc =
    crc32(0, reinterpret_cast<const Bytef*>(checked.data()), static_cast<uInt>(checked.size()));
  return big(content.size(), 4) + checked + big(crc, 4);
}

std::string png(const media::picture& p, const std::string& chunks) {
  const int color_type = p.has_alpha() ? 6 : 2;
  const auto header = big(p.width, 4) + big(p.height, 4) + '\x08' + static_cast<char>(color_type)
                      + std::string(3, '\0');
  std::string rows;
  for (std::uint32_t y = 0; y < p.height; ++y)
    rows += '\0' + std::string{reinterpret_cast<const char*>(p.row(y)), p.stride()};
  return "\x89PNG\r\n\x1A\n" + png_chunk("IHDR", header) + chunks
         + png_chunk("IDAT", deflated(rows)) + png_chunk("IEND", {});
}

std::string icc_chunk(const std::string& profile) {
  using namespace std::string_literals;
  return png_chunk("iCCP", "test\0\0"s + deflated(profile));
}

void write(const std::filesystem::path& file, std::string_view bytes) {
  std::ofstream{file, std::ios::binary}.write(bytes.data(),
                                              static_cast<std::streamsize>(bytes.size()));
}

std::string read(const std::filesystem::path& file) {
  return read_file(file, 64U << 20U).value();
}

media::picture decoded(const std::filesystem::path& file) {
  const auto ending = file.extension();
  const open_input opened{file};
  const auto image = ending == ".webp"   ? media::read_webp(opened, {}, {})
                     : ending == ".avif" ? media::read_avif(opened, {})
                     : ending == ".png"  ? media::read_png(opened, {}, {})
                                         : media::read_jpeg(opened, {}, {});
  return media::whole_picture(image.value()).value();
}

workbench::workbench() {
  work.file_id = "01TEST";
  input_file = root_.path / "in";
  work.output_dir = root_.path / "out";
  work.name = "in.bin";
  std::filesystem::create_directory(work.output_dir);
}

void workbench::input(std::string_view bytes, std::string media_type) {
  write(input_file, bytes);
  work.media_type = std::move(media_type);
}

result<media::job_result> workbench::run(media::job_function jobs, media::job_kind kind) {
  work.kind = kind;
  const open_input opened{input_file};
  const open_output folder{work.output_dir};
  return jobs(work,
              {options, options.office, [this](double fraction) { progress.push_back(fraction); },
               -1, opened, folder});
}

std::string workbench::failure(media::job_function jobs, media::job_kind kind) {
  const auto answer = run(jobs, kind);
  return answer ? "ok" : to_string(answer.error().code);
}

std::filesystem::path workbench::out(std::string_view name) const {
  return std::filesystem::path{work.output_dir} / name;
}

std::vector<std::string> workbench::made() const {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator{work.output_dir})
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

} // namespace mediad::tests
