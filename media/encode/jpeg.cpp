#include "media/encode/encode.hpp"

#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <jpeglib.h>

// NOLINTBEGIN(cert-err52-cpp): the only way out of a C library that calls us back on an error.

namespace mediad::media {
namespace {

struct jpeg_failure : jpeg_error_mgr {
  std::jmp_buf jump;
};

[[noreturn]] void leave(j_common_ptr codec) {
  std::longjmp(static_cast<jpeg_failure*>(codec->err)->jump, 1);
}

struct jpeg_encoder : jpeg_compress_struct {
  jpeg_failure failure{};
  unsigned char* buffer = nullptr;
  unsigned long buffer_bytes = 0;

  jpeg_encoder() : jpeg_compress_struct{} {
    err = jpeg_std_error(&failure);
    failure.error_exit = leave;
  }
  jpeg_encoder(const jpeg_encoder&) = delete;
  jpeg_encoder& operator=(const jpeg_encoder&) = delete;
  ~jpeg_encoder() {
    jpeg_destroy_compress(this);
    // jpeg_mem_dest allocates with malloc.
    std::free(buffer); // NOLINT(cppcoreguidelines-no-malloc,cppcoreguidelines-owning-memory)
  }
};

/// Metadata in the form that the markers hold.
struct attached_bytes {
  std::span<const std::uint8_t> icc;
  std::span<const std::uint8_t> exif;
};

constexpr std::uint32_t max_lines = 2 * DCTSIZE; // of one row of blocks, luma at twice the chroma

// libjpeg reads whole blocks: what lies beyond the picture repeats its last column. The rows have
// room for that.
void fill_right_edge(const planar& source) {
  for (const auto& part : source.parts)
    for (std::uint32_t y = 0; y < part.height; ++y) {
      auto* end = part.bytes.get() + y * part.stride + part.width;
      std::memset(end, end[-1], max_lines);
    }
}

// libjpeg leaves by longjmp, which skips destructors: nothing in here has one.
bool compress(jpeg_encoder& codec, const planar& source, int quality, bool progressive,
              const attached_bytes& attached) {
  if (setjmp(codec.failure.jump) != 0)
    return false;
  const bool is_halved = source.chroma_x == 0.5;
  jpeg_create_compress(&codec);
  jpeg_mem_dest(&codec, &codec.buffer, &codec.buffer_bytes);
  codec.image_width = source.size.width;
  codec.image_height = source.size.height;
  codec.input_components = 3;
  codec.in_color_space = JCS_YCbCr;
  jpeg_set_defaults(&codec);
  codec.comp_info[0].h_samp_factor = codec.comp_info[0].v_samp_factor = is_halved ? 2 : 1;
  jpeg_set_quality(&codec, quality, TRUE);
  codec.raw_data_in = TRUE;
  codec.optimize_coding = TRUE;
  if (progressive)
    jpeg_simple_progression(&codec);
  jpeg_start_compress(&codec, TRUE);
  if (!attached.exif.empty())
    jpeg_write_marker(&codec, JPEG_APP0 + 1, attached.exif.data(),
                      static_cast<unsigned>(attached.exif.size()));
  if (!attached.icc.empty())
    jpeg_write_icc_profile(&codec, attached.icc.data(), static_cast<unsigned>(attached.icc.size()));
  std::array<std::array<JSAMPROW, max_lines>, 3> rows; // all that are used are set below
  std::array<JSAMPARRAY, 3> parts{rows[0].data(), rows[1].data(), rows[2].data()};
  const std::array<std::uint32_t, 3> high{is_halved ? max_lines : DCTSIZE, DCTSIZE, DCTSIZE};
  for (std::uint32_t block = 0; codec.next_scanline < codec.image_height; ++block) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const auto& part = source.parts[i];
      for (std::uint32_t k = 0; k < high[i]; ++k)
        rows[i][k] =
          part.bytes.get() + std::min(block * high[i] + k, part.height - 1) * part.stride;
    }
    jpeg_write_raw_data(&codec, parts.data(), high[0]);
  }
  jpeg_finish_compress(&codec);
  return true;
}

} // namespace

result<std::string> encode_jpeg(const picture& source, int quality) {
  if (source.has_alpha())
    return encode_jpeg(flatten(source, white), quality);
  return encode_jpeg(to_planar(source, chroma::half), quality, true);
}

result<std::string> encode_jpeg(const planar& source, int quality, bool progressive,
                                const attachments& attached) {
  constexpr std::size_t max_marker_bytes = 65'533;
  std::vector<std::uint8_t> exif{'E', 'x', 'i', 'f', 0, 0};
  exif.insert(exif.end(), attached.exif.begin(), attached.exif.end());
  if (attached.exif.empty() || exif.size() > max_marker_bytes)
    exif.clear();
  fill_right_edge(source);
  jpeg_encoder codec;
  if (!compress(codec, source, quality, progressive, {attached.icc, exif})) {
    std::array<char, JMSG_LENGTH_MAX> text{};
    codec.failure.format_message(reinterpret_cast<j_common_ptr>(&codec), text.data());
    return fail(errc::internal, std::string{"libjpeg: "} + text.data());
  }
  return std::string{reinterpret_cast<const char*>(codec.buffer), codec.buffer_bytes};
}

} // namespace mediad::media

// NOLINTEND(cert-err52-cpp)
