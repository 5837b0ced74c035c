#include "media/encode.hpp"

#include "base/file.hpp"

#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <jpeglib.h>
#include <memory>
#include <vector>
#include <webp/encode.h>

// NOLINTBEGIN(cert-err52-cpp): the only way out of a C library that calls us back on an error.

namespace mediad::media {
namespace {

struct webp_picture : WebPPicture {
  webp_picture() : WebPPicture{} {
    if (WebPPictureInit(this) == 0)
      throw std::runtime_error{"libwebp is of another version than its headers"};
  }
  webp_picture(const webp_picture&) = delete;
  webp_picture& operator=(const webp_picture&) = delete;
  ~webp_picture() {
    WebPPictureFree(this);
  }
};

int append(const std::uint8_t* bytes, std::size_t count, const WebPPicture* picture) {
  static_cast<std::string*>(picture->custom_ptr)
    ->append(reinterpret_cast<const char*>(bytes), count);
  return 1;
}

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

// libjpeg leaves by longjmp, which skips destructors: nothing in here has one.
bool compress(jpeg_encoder& codec, const picture& source, int quality) {
  if (setjmp(codec.failure.jump) != 0)
    return false;
  jpeg_create_compress(&codec);
  jpeg_mem_dest(&codec, &codec.buffer, &codec.buffer_bytes);
  codec.image_width = source.width;
  codec.image_height = source.height;
  codec.input_components = 3;
  codec.in_color_space = JCS_RGB;
  jpeg_set_defaults(&codec);
  jpeg_set_quality(&codec, quality, TRUE);
  codec.optimize_coding = TRUE;
  jpeg_simple_progression(&codec);
  jpeg_start_compress(&codec, TRUE);
  while (codec.next_scanline < codec.image_height) {
    auto* row = const_cast<JSAMPROW>(source.row(codec.next_scanline)); // it only reads
    jpeg_write_scanlines(&codec, &row, 1);
  }
  jpeg_finish_compress(&codec);
  return true;
}

picture flatten_on_white(const picture& source) {
  picture flat{source.width, source.height, 3};
  const auto* in = source.pixels.data();
  for (auto out = flat.pixels.begin(); out != flat.pixels.end(); in += 4)
    for (int c = 0; c < 3; ++c) {
      const unsigned over_white = in[c] * in[3] + 255U * (255U - in[3]);
      *out++ = static_cast<std::uint8_t>((over_white + 127) / 255);
    }
  return flat;
}

result<made_file> describe(const picture& source, const std::filesystem::path& file,
                           std::string media_type) {
  made_file made;
  made.name = file.filename().string();
  made.media_type = std::move(media_type);
  made.width = source.width;
  made.height = source.height;
  return made;
}

} // namespace

result<std::string> encode_webp(const picture& source, int quality, int method) {
  if (source.width > webp_max_side || source.height > webp_max_side)
    return fail(errc::too_large, "a side is longer than WebP can hold");
  WebPConfig config;
  if (WebPConfigPreset(&config, WEBP_PRESET_PHOTO, static_cast<float>(quality)) == 0)
    return fail(errc::internal, "WebPConfigPreset");
  config.method = method;
  webp_picture target;
  target.use_argb = 1;
  target.width = static_cast<int>(source.width);
  target.height = static_cast<int>(source.height);
  std::string bytes;
  target.writer = append;
  target.custom_ptr = &bytes;
  const auto stride = static_cast<int>(source.stride());
  const auto imported = source.has_alpha()
                          ? WebPPictureImportRGBA(&target, source.pixels.data(), stride)
                          : WebPPictureImportRGB(&target, source.pixels.data(), stride);
  if (imported == 0 || WebPEncode(&config, &target) == 0)
    return fail(errc::internal, "libwebp: encoding error " + std::to_string(target.error_code));
  return bytes;
}

result<std::string> encode_jpeg(const picture& source, int quality) {
  if (source.has_alpha())
    return encode_jpeg(flatten_on_white(source), quality);
  jpeg_encoder codec;
  if (!compress(codec, source, quality)) {
    std::array<char, JMSG_LENGTH_MAX> text{};
    codec.failure.format_message(reinterpret_cast<j_common_ptr>(&codec), text.data());
    return fail(errc::internal, std::string{"libjpeg: "} + text.data());
  }
  return std::string{reinterpret_cast<const char*>(codec.buffer), codec.buffer_bytes};
}

result<> write_file(const std::filesystem::path& file, std::string_view bytes) {
  auto fd = open_file(file, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW);
  if (!fd)
    return fail(fd.error());
  if (auto written = write_all(fd->get(), bytes, 0); !written)
    return written;
  return fd->close();
}

result<made_file> write_webp(const picture& source, const std::filesystem::path& file, int quality,
                             int method) {
  const auto bytes = encode_webp(source, quality, method);
  if (!bytes)
    return fail(bytes.error());
  if (auto written = write_file(file, *bytes); !written)
    return fail(written.error());
  return describe(source, file, "image/webp");
}

result<made_file> write_jpeg(const picture& source, const std::filesystem::path& file,
                             int quality) {
  const auto bytes = encode_jpeg(source, quality);
  if (!bytes)
    return fail(bytes.error());
  if (auto written = write_file(file, *bytes); !written)
    return fail(written.error());
  return describe(source, file, "image/jpeg");
}

} // namespace mediad::media

// NOLINTEND(cert-err52-cpp)
