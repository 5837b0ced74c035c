#include "media/image_color.hpp"
#include "media/image_light.hpp"
#include "media/image_orientation.hpp"
#include "media/input_stream.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>

// jerror.h numbers its codes by what jpeglib.h has defined.
// clang-format off
#include <jpeglib.h>
#include <jerror.h>
// clang-format on

// NOLINTBEGIN(cert-err52-cpp): the only way out of a C library that calls us back on an error.

namespace mediad::media {
namespace {

// A progressive file of some kilobytes can ask for thousands of passes over every block.
constexpr int max_scans = 100;

struct failure_state : jpeg_error_mgr {
  std::jmp_buf jump;
  std::optional<int> damage; // the first warning that means missing or wrong pixels
};

[[noreturn]] void leave(j_common_ptr codec) {
  std::longjmp(static_cast<failure_state*>(codec->err)->jump, 1);
}

bool means_damage(int warning) {
  switch (warning) {
  case JWRN_HIT_MARKER:
  case JWRN_JPEG_EOF:
  case JWRN_HUFF_BAD_CODE:
  case JWRN_ARITH_BAD_CODE:
  case JWRN_MUST_RESYNC:
  case JWRN_BOGUS_PROGRESSION: return true;
  default: return false; // cameras write stray bytes between segments, and odd profiles
  }
}

void note_message(j_common_ptr codec, int level) {
  auto& state = *static_cast<failure_state*>(codec->err);
  if (level < 0 && !state.damage && means_damage(state.msg_code))
    state.damage = state.msg_code;
}

void limit_scans(j_common_ptr codec) {
  if (reinterpret_cast<j_decompress_ptr>(codec)->input_scan_number > max_scans)
    ERREXIT(codec, JERR_BAD_PROGRESSION);
}

struct jpeg_decoder : jpeg_decompress_struct {
  failure_state failure{};
  jpeg_progress_mgr watch{};

  jpeg_decoder() : jpeg_decompress_struct{} {
    err = jpeg_std_error(&failure);
    failure.error_exit = leave;
    failure.emit_message = note_message;
    watch.progress_monitor = limit_scans;
  }
  jpeg_decoder(const jpeg_decoder&) = delete;
  jpeg_decoder& operator=(const jpeg_decoder&) = delete;
  ~jpeg_decoder() {
    jpeg_destroy_decompress(this);
  }
};

// libjpeg leaves by longjmp, which skips destructors: these four hold nothing that has one.

bool read_header(jpeg_decoder& codec, std::FILE* stream) {
  if (setjmp(codec.failure.jump) != 0)
    return false;
  constexpr unsigned whole_marker = 0xFFFF;
  jpeg_create_decompress(&codec);
  codec.progress = &codec.watch;
  jpeg_stdio_src(&codec, stream);
  jpeg_save_markers(&codec, JPEG_APP0 + 1, whole_marker); // Exif
  jpeg_save_markers(&codec, JPEG_APP0 + 2, whole_marker); // ICC
  jpeg_read_header(&codec, TRUE);
  return true;
}

bool start(jpeg_decoder& codec, unsigned eighths, bool is_cmyk) {
  if (setjmp(codec.failure.jump) != 0)
    return false;
  codec.scale_num = eighths;
  codec.scale_denom = 8;
  codec.out_color_space = is_cmyk ? JCS_CMYK : JCS_RGB;
  jpeg_start_decompress(&codec);
  return true;
}

bool read_rows(jpeg_decoder& codec, picture& to, std::uint8_t* cmyk_row,
               const cmyk_converter* converter) {
  if (setjmp(codec.failure.jump) != 0)
    return false;
  while (codec.output_scanline < codec.output_height) {
    const auto y = codec.output_scanline;
    JSAMPROW row = converter != nullptr ? cmyk_row : to.row(y);
    jpeg_read_scanlines(&codec, &row, 1);
    if (converter != nullptr)
      converter->convert(cmyk_row, to.row(y), to.width);
  }
  jpeg_finish_decompress(&codec);
  return true;
}

// False also for a damaged profile, which costs no pixels.
bool copy_profile(jpeg_decoder& codec, JOCTET** bytes, unsigned* length) {
  if (setjmp(codec.failure.jump) != 0)
    return false;
  return jpeg_read_icc_profile(&codec, bytes, length) != FALSE;
}

error describe_failure(jpeg_decoder& codec) {
  std::array<char, JMSG_LENGTH_MAX> text{};
  codec.failure.format_message(reinterpret_cast<j_common_ptr>(&codec), text.data());
  const auto detail = std::string{"libjpeg: "} + text.data();
  switch (codec.failure.msg_code) {
  case JERR_BAD_PRECISION:
  case JERR_SOF_UNSUPPORTED:
  case JERR_ARITH_NOTIMPL:
  case JERR_CONVERSION_NOTIMPL:
  case JERR_CCIR601_NOTIMPL: return fail(errc::unsupported_media, detail);
  case JERR_OUT_OF_MEMORY:
  case JERR_IMAGE_TOO_BIG: return fail(errc::too_large, detail);
  default: return fail(errc::corrupt_media, detail);
  }
}

int orientation_of(const jpeg_decoder& codec) {
  for (auto* marker = codec.marker_list; marker != nullptr; marker = marker->next) {
    const std::span<const std::uint8_t> bytes{marker->data, marker->data_length};
    constexpr std::string_view exif{"Exif\0", 5};
    if (marker->marker == JPEG_APP0 + 1 && bytes.size() > exif.size()
        && std::equal(exif.begin(), exif.end(), bytes.begin()))
      return exif_orientation(bytes);
  }
  return 1;
}

std::vector<std::uint8_t> profile_of(jpeg_decoder& codec) {
  JOCTET* bytes = nullptr;
  unsigned length = 0;
  if (!copy_profile(codec, &bytes, &length))
    return {};
  const std::unique_ptr<JOCTET, decltype(&std::free)> owned{bytes, &std::free};
  return {bytes, bytes + length};
}

// The smallest of libjpeg's fast scales that is large enough.
unsigned scale_for(double least) {
  for (const unsigned eighths : {1U, 2U, 4U})
    if (eighths >= least * 8)
      return eighths;
  return 8;
}

} // namespace

result<stored_image> read_jpeg(const std::filesystem::path& file, wanted_size wanted,
                               const limits& max) {
  const input_stream stream{std::fopen(file.c_str(), "rbe")};
  if (!stream)
    return fail_errno(errno, "open " + file.string());
  jpeg_decoder codec;
  if (!read_header(codec, stream.get()))
    return describe_failure(codec);
  stored_image image;
  image.full = {codec.image_width, codec.image_height};
  if (auto allowed = check_size(image.full, max); !allowed)
    return fail(allowed.error());
  image.orientation = orientation_of(codec);
  image.icc = profile_of(codec);

  const bool is_cmyk = codec.num_components == 4;
  if (!start(codec, scale_for(wanted.least_scale(image.full, image.orientation)), is_cmyk))
    return describe_failure(codec);
  image.pixels = picture{codec.output_width, codec.output_height, 3};
  std::optional<cmyk_converter> converter;
  std::vector<std::uint8_t> cmyk_row;
  if (is_cmyk) {
    converter.emplace(image.icc, codec.saw_Adobe_marker != FALSE);
    cmyk_row.resize(std::size_t{codec.output_width} * 4);
    image.icc.clear(); // the converter has used it
  }
  if (!read_rows(codec, image.pixels, cmyk_row.data(), converter ? &*converter : nullptr))
    return describe_failure(codec);
  if (codec.failure.damage)
    return fail(errc::corrupt_media, "libjpeg: warning " + std::to_string(*codec.failure.damage));
  return image;
}

} // namespace mediad::media

// NOLINTEND(cert-err52-cpp)
