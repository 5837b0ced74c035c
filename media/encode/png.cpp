#include "media/encode/encode.hpp"

#include <png.h>
#include <zlib.h>

namespace mediad::media {

namespace {

void put_number(std::string& to, std::size_t number) {
  for (const unsigned shift : {24U, 16U, 8U, 0U})
    to += static_cast<char>(number >> shift & 0xFFU);
}

// One chunk (PNG, third edition, 5.3).
std::string chunk(const char* type, const std::string& content) {
  std::string made;
  put_number(made, content.size());
  const auto covered = type + content;
  made += covered;
  put_number(made, crc32(0, reinterpret_cast<const Bytef*>(covered.data()),
                         static_cast<uInt>(covered.size())));
  return made;
}

std::string deflated(const std::vector<std::uint8_t>& bytes) {
  auto length = compressBound(bytes.size());
  std::string packed(length, '\0');
  compress(reinterpret_cast<Bytef*>(packed.data()), &length, bytes.data(), bytes.size());
  packed.resize(length);
  return packed;
}

} // namespace

result<std::string> encode_png(const picture& source, const attachments& attached) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = source.width;
  image.height = source.height;
  image.format = source.has_alpha() ? PNG_FORMAT_RGBA : PNG_FORMAT_RGB;
  image.flags = PNG_IMAGE_FLAG_FAST;
  const auto stride = static_cast<png_int_32>(source.stride());
  // The most that deflate can make of it, and the chunks around it.
  auto bytes_made = static_cast<png_alloc_size_t>(PNG_IMAGE_PNG_SIZE_MAX(image));
  std::string bytes(bytes_made, '\0');
  if (png_image_write_to_memory(&image, bytes.data(), &bytes_made, 0, source.pixels.data(), stride,
                                nullptr)
      == 0)
    return fail(errc::internal, std::string{"libpng: "} + image.message);
  bytes.resize(bytes_made);
  constexpr std::size_t after_header = 8 + 25; // the signature and IHDR
  std::string more;
  if (!attached.icc.empty())
    more += chunk("iCCP", std::string{"icc\0\0", 5} + deflated(attached.icc));
  if (!attached.exif.empty())
    more += chunk("eXIf", {attached.exif.begin(), attached.exif.end()});
  bytes.insert(after_header, more);
  return bytes;
}

} // namespace mediad::media
