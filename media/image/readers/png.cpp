#include "media/bytes/exif.hpp"
#include "media/bytes/input_stream.hpp"
#include "media/bytes/mapped_file.hpp"
#include "media/image/readers/png_quick.hpp"
#include "media/image/readers/readers.hpp"
#include "media/picture/color.hpp"

#include <array>
#include <cerrno>
#include <csetjmp>
#include <new>
#include <png.h>
#include <string>
#include <string_view>

// NOLINTBEGIN(cert-err52-cpp): the only way out of a C library that calls us back on an error.

namespace mediad::media {
namespace {

struct failure_state {
  std::jmp_buf jump;
  std::array<char, 128> message{};
};

[[noreturn]] void leave(png_structp codec, png_const_charp message) {
  auto& state = *static_cast<failure_state*>(png_get_error_ptr(codec));
  std::string_view{message}.copy(state.message.data(), state.message.size() - 1);
  std::longjmp(state.jump, 1);
}

void ignore_warning(png_structp, png_const_charp) {
  // If pixels are lost, libpng reports an error; warnings are about metadata, which are not kept.
}

struct png_decoder {
  failure_state failure;
  png_structp codec = nullptr;
  png_infop header = nullptr;

  png_decoder() {
    codec = png_create_read_struct(PNG_LIBPNG_VER_STRING, &failure, leave, ignore_warning);
    header = codec != nullptr ? png_create_info_struct(codec) : nullptr;
    if (header == nullptr)
      throw std::bad_alloc{};
  }
  png_decoder(const png_decoder&) = delete;
  png_decoder& operator=(const png_decoder&) = delete;
  ~png_decoder() {
    png_destroy_read_struct(&codec, &header, nullptr);
  }
};

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

// libpng leaves by longjmp, which skips destructors: these hold nothing that has one.

bool read_header(png_decoder& png, std::FILE* stream, const limits& max) {
  if (setjmp(png.failure.jump) != 0)
    return false;
  refuse_bombs(png.codec, max);
  png_init_io(png.codec, stream);
  png_read_info(png.codec, png.header);
  return true;
}

bool ask_for_8_bit_rgb(png_decoder& png) {
  if (setjmp(png.failure.jump) != 0)
    return false;
  png_set_scale_16(png.codec);
  png_set_expand(png.codec); // palettes, few bits, and transparent colours
  png_set_gray_to_rgb(png.codec);
  // A gamma of its own counts where neither a profile nor sRGB is named (PNG, third edition, 4.3).
  double gamma = 0;
  constexpr double srgb_screen = 2.2;
  if (png_get_valid(png.codec, png.header, PNG_INFO_iCCP | PNG_INFO_sRGB) == 0
      && png_get_gAMA(png.codec, png.header, &gamma) != 0)
    png_set_gamma(png.codec, srgb_screen, gamma);
  static_cast<void>(png_set_interlace_handling(png.codec));
  png_read_update_info(png.codec, png.header);
  return true;
}

bool read_rows(png_decoder& png, png_bytepp rows) {
  if (setjmp(png.failure.jump) != 0)
    return false;
  png_read_image(png.codec, rows);
  png_read_end(png.codec, png.header);
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

// The sides as the file claims them, before libpng allocates by them (PNG, third edition, 11.2.1).
result<extent> claimed_size(std::FILE* stream) {
  constexpr std::size_t width_at = 16;
  constexpr std::size_t height_at = 20;
  std::array<png_byte, 24> head{};
  if (std::fread(head.data(), 1, head.size(), stream) != head.size()
      || std::fseek(stream, 0, SEEK_SET) != 0)
    return fail(errc::corrupt_media, "the PNG ends within its header");
  return extent{png_get_uint_32(&head[width_at]), png_get_uint_32(&head[height_at])};
}

error damaged(const png_decoder& png) {
  return fail(errc::corrupt_media, std::string{"libpng: "} + png.failure.message.data());
}

} // namespace

result<stored_image> read_png(const std::filesystem::path& file, wanted_size wanted,
                              const limits& max) {
  const input_stream stream{std::fopen(file.c_str(), "rbe")};
  if (!stream)
    return fail_errno(errno, "open " + file.string());
  stored_image image;
  const auto claimed = claimed_size(stream.get());
  if (!claimed)
    return fail(claimed.error());
  image.full = *claimed;
  if (auto allowed = check_size(image.full, max); !allowed)
    return fail(allowed.error());

  // Larger ones are read piece by piece.
  constexpr std::size_t max_quick_bytes = 256U << 20U;
  if (const auto mapped = mapped_file::open(file);
      mapped && mapped->bytes().size() <= max_quick_bytes) {
    const auto done = read_png_quickly(mapped->text(), wanted, max, image);
    if (!done)
      return fail(done.error());
    if (*done) {
      image.orientation = exif_orientation(image.exif);
      image.pixels = without_needless_alpha(std::move(image.pixels));
      return image;
    }
  }
  png_decoder png;
  if (!read_header(png, stream.get(), max) || !ask_for_8_bit_rgb(png))
    return damaged(png);
  if (png_get_image_width(png.codec, png.header) != image.full.width
      || png_get_image_height(png.codec, png.header) != image.full.height)
    return fail(errc::corrupt_media, "the PNG does not begin with its header chunk");
  image.pixels =
    picture{image.full.width, image.full.height, png_get_channels(png.codec, png.header)};
  if (png_get_rowbytes(png.codec, png.header) != image.pixels.stride())
    return fail(errc::internal, "libpng's rows have another length than asked for");
  std::vector<png_bytep> rows(image.full.height);
  for (std::uint32_t y = 0; y < image.full.height; ++y)
    rows[y] = image.pixels.row(y);
  if (!read_rows(png, rows.data()))
    return damaged(png);
  take_metadata(png, image);
  return image;
}

} // namespace mediad::media

// NOLINTEND(cert-err52-cpp)
