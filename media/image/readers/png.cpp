#include "media/bytes/exif.hpp"
#include "media/bytes/file_bytes.hpp"
#include "media/bytes/mapped_file.hpp"
#include "media/facts/picture_facts.hpp"
#include "media/image/readers/png_decoder.hpp"
#include "media/image/readers/png_quick.hpp"
#include "media/image/readers/readers.hpp"

namespace mediad::media {
namespace {

constexpr std::size_t signature_bytes = 8;
constexpr std::size_t frame_bytes = 12; ///< Length, type and checksum of a chunk.

// What the first chunk of that type has whose content begins with @p name, behind the name.
std::string_view chunk_of(std::string_view bytes, std::string_view type, std::string_view name) {
  for (auto at = signature_bytes; at + frame_bytes <= bytes.size();) {
    const auto length = static_cast<std::size_t>(big_endian(bytes, at, 4));
    if (length > bytes.size() - at - frame_bytes)
      return {};
    const auto content = bytes.substr(at + 8, length);
    if (bytes.substr(at + 4, 4) == type && content.starts_with(name))
      return content.substr(name.size());
    at += frame_bytes + length;
  }
  return {};
}

// XMP in an iTXt chunk that is not packed (PNG, third edition, 11.3.3.4; ISO 16684-3, 1.1.5). Any
// other text may be, and says nothing that is told.
std::string_view xmp_of(std::string_view bytes) {
  using namespace std::string_view_literals;
  constexpr auto name = "XML:com.adobe.xmp\0\0\0\0\0"sv; // not packed, and in no language
  return chunk_of(bytes, "iTXt", name);
}

} // namespace

result<stored_image> read_png(const opened_file& file, wanted_size wanted, const limits& max) {
  const auto mapped = mapped_file::of(file);
  if (!mapped)
    return fail(mapped.error());
  const auto bytes = mapped->text();
  stored_image image;
  const auto claimed = claimed_png_size(bytes);
  if (!claimed)
    return fail(claimed.error());
  image.full = *claimed;
  if (auto allowed = check_size(image.full, max); !allowed)
    return fail(allowed.error());

  // The packed pixels of a larger one would be in memory twice.
  constexpr std::size_t max_quick_bytes = 256U << 20U;
  if (bytes.size() <= max_quick_bytes && read_png_quickly(bytes, wanted, max, image)) {
    image.orientation = exif_orientation(image.exif);
    image.facts = picture_facts(image.exif, xmp_of(bytes));
    image.pixels = without_needless_alpha(std::move(image.pixels));
    return image;
  }
  if (auto decoded = decode_png(bytes, max, image); !decoded)
    return fail(decoded.error());
  // Not every libpng tells it of a file that it is given piece by piece.
  if (image.exif.empty()) {
    const auto exif = chunk_of(bytes, "eXIf", {});
    image.exif.assign(exif.begin(), exif.end());
    image.orientation = exif_orientation(image.exif);
  }
  image.facts = picture_facts(image.exif, xmp_of(bytes));
  return image;
}

} // namespace mediad::media
