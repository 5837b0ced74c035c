#include "media/image/readers/png_decoder.hpp"

#include "media/bytes/exif.hpp"
#include "media/bytes/file_bytes.hpp"
#include "media/picture/color.hpp"

#include <array>
#include <csetjmp>
#include <new>
#include <png.h>
#include <string>

// NOLINTBEGIN(cert-err52-cpp): the only way out of a C library that calls us back on an error.

namespace mediad::media {
namespace {

constexpr unsigned channels = 4;

/// libpng is given the bytes and calls back with each row it can make of them: what is missing at
/// the end of a file needs no care then.
struct png_decoder {
  png_structp codec = nullptr;
  png_infop header = nullptr;
  picture* to = nullptr;
  std::uint64_t rows = 0; ///< Rows that came, of all passes.
  std::uint64_t all_rows = 0;
  bool is_interlaced = false;
  bool has_wrong_checksum = false; ///< A chunk that pixels depend on has one.
  std::jmp_buf jump;
  std::array<char, 128> message{};

  png_decoder();
  png_decoder(const png_decoder&) = delete;
  png_decoder& operator=(const png_decoder&) = delete;
  ~png_decoder() {
    png_destroy_read_struct(&codec, &header, nullptr);
  }
};

[[noreturn]] void leave(png_structp codec, png_const_charp message) {
  auto& state = *static_cast<png_decoder*>(png_get_error_ptr(codec));
  std::string_view{message}.copy(state.message.data(), state.message.size() - 1);
  std::longjmp(state.jump, 1);
}

// The other warnings are about metadata, which are not kept.
void note_warning(png_structp codec, png_const_charp message) {
  auto& state = *static_cast<png_decoder*>(png_get_error_ptr(codec));
  const std::string_view text{message};
  const bool is_critical = !text.empty() && (text.front() & 0x20) == 0; // IDAT: CRC error
  state.has_wrong_checksum =
    state.has_wrong_checksum || (is_critical && text.ends_with("CRC error"));
}

// The rows in the file: those of seven passes if it is interlaced (PNG, third edition, 8.2).
std::uint64_t rows_of(const png_decoder& png) {
  const auto width = png_get_image_width(png.codec, png.header);
  const auto height = png_get_image_height(png.codec, png.header);
  if (png_get_interlace_type(png.codec, png.header) == PNG_INTERLACE_NONE)
    return height;
  std::uint64_t rows = 0;
  for (int pass = 0; pass < PNG_INTERLACE_ADAM7_PASSES; ++pass)
    if (PNG_PASS_COLS(width, pass) > 0)
      rows += PNG_PASS_ROWS(height, pass);
  return rows;
}

// Called once all chunks before the pixels have been read: asks for 8 bits of RGB and alpha.
void begin_rows(png_structp codec, png_infop header) {
  auto& png = *static_cast<png_decoder*>(png_get_progressive_ptr(codec));
  if (png_get_image_width(codec, header) != png.to->width
      || png_get_image_height(codec, header) != png.to->height)
    png_error(codec, "the PNG does not begin with its header chunk");
  png.all_rows = rows_of(png);
  png.is_interlaced = png_get_interlace_type(codec, header) != PNG_INTERLACE_NONE;
  png_set_scale_16(codec);
  png_set_expand(codec); // palettes, few bits, and transparent colours
  png_set_gray_to_rgb(codec);
  png_set_add_alpha(codec, 0xFF, PNG_FILLER_AFTER);
  // A gamma of its own counts where neither a profile nor sRGB is named (PNG, third edition, 4.3).
  double gamma = 0;
  constexpr double srgb_screen = 2.2;
  if (png_get_valid(codec, header, PNG_INFO_iCCP | PNG_INFO_sRGB) == 0
      && png_get_gAMA(codec, header, &gamma) != 0)
    png_set_gamma(codec, srgb_screen, gamma);
  static_cast<void>(png_set_interlace_handling(codec));
  png_read_update_info(codec, header);
  if (png_get_rowbytes(codec, header) != png.to->stride())
    png_error(codec, "libpng's rows have another length than asked for");
}

// libpng hands a row of an early pass over several times, for the rows that later ones will change.
// @param row null where a pass has nothing for it.
void take_row(png_structp codec, png_bytep row, png_uint_32 y, int pass) {
  auto& png = *static_cast<png_decoder*>(png_get_progressive_ptr(codec));
  if (row == nullptr || y >= png.to->height)
    return;
  png_progressive_combine_row(codec, png.to->row(y), row);
  if (!png.is_interlaced || PNG_ROW_IN_INTERLACE_PASS(y, pass))
    ++png.rows;
}

png_decoder::png_decoder() {
  codec = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, leave, note_warning);
  header = codec != nullptr ? png_create_info_struct(codec) : nullptr;
  if (header == nullptr)
    throw std::bad_alloc{};
}

void refuse_bombs(png_structp codec, const limits& max) {
  // Text can inflate to megabytes, and no output carries it.
  static constexpr std::array<png_byte, 16> text_chunks{'t', 'E', 'X', 't', 0,   'z', 'T', 'X',
                                                        't', 0,   'i', 'T', 'X', 't', 0,   0};
  png_set_keep_unknown_chunks(codec, PNG_HANDLE_CHUNK_NEVER, text_chunks.data(), 3);
  png_set_user_limits(codec, max.max_side, max.max_side);
  png_set_chunk_cache_max(codec, 64);
  png_set_chunk_malloc_max(codec, max_icc_bytes);
  png_set_benign_errors(codec, 1);
}

// libpng leaves by longjmp, which skips destructors: this holds nothing that has one.
bool read(png_decoder& png, std::string_view bytes, const limits& max) {
  if (setjmp(png.jump) != 0)
    return false;
  refuse_bombs(png.codec, max);
  png_set_crc_action(png.codec, PNG_CRC_WARN_USE, PNG_CRC_DEFAULT);
  png_set_progressive_read_fn(png.codec, &png, begin_rows, take_row, nullptr);
  // libpng only reads them.
  auto* begin = const_cast<png_bytep>(reinterpret_cast<png_const_bytep>(bytes.data()));
  png_process_data(png.codec, png.header, begin, bytes.size());
  return true;
}

void take_metadata(png_decoder& png, stored_image& image) {
  png_charp name = nullptr;
  png_bytep profile = nullptr;
  png_uint_32 length = 0;
  int compression = 0;
  if (png_get_iCCP(png.codec, png.header, &name, &compression, &profile, &length) != 0)
    image.icc.assign(profile, profile + length);
  png_bytep exif = nullptr;
  if (png_get_eXIf_1(png.codec, png.header, &length, &exif) != 0)
    image.exif.assign(exif, exif + length);
  image.orientation = exif_orientation(image.exif);
}

} // namespace

result<extent> claimed_png_size(std::string_view bytes) {
  constexpr std::size_t width_at = 16;
  constexpr std::size_t height_at = 20;
  if (bytes.size() < height_at + 4)
    return fail(errc::corrupt_media, "the PNG ends within its header");
  return extent{static_cast<std::uint32_t>(big_endian(bytes, width_at, 4)),
                static_cast<std::uint32_t>(big_endian(bytes, height_at, 4))};
}

result<> decode_png(std::string_view bytes, const limits& max, stored_image& image) {
  image.icc.clear(); // a quicker reader may have begun
  image.exif.clear();
  image.pixels = picture{image.full.width, image.full.height, channels};
  png_decoder png;
  png.to = &image.pixels;
  const bool is_whole = read(png, bytes, max);
  if (png.rows == 0)
    return fail(errc::corrupt_media,
                std::string{"libpng: "}
                  + (is_whole ? "the file ends before its first row" : png.message.data()));
  // Whatever is wrong behind the last row costs no pixel.
  image.is_incomplete = png.rows < png.all_rows || png.has_wrong_checksum;
  take_metadata(png, image);
  image.pixels = without_needless_alpha(std::move(image.pixels));
  return {};
}

} // namespace mediad::media

// NOLINTEND(cert-err52-cpp)
