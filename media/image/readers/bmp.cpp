#include "media/bytes/file_bytes.hpp"
#include "media/bytes/mapped_file.hpp"
#include "media/image/readers/dib.hpp"
#include "media/image/readers/png_decoder.hpp"
#include "media/image/readers/readers.hpp"

#include <algorithm>
#include <vector>

namespace mediad::media {
namespace {

using namespace std::string_view_literals;

/// One picture of an icon ([MS-GRPICON] describes the same directory in a program).
struct icon_entry {
  std::size_t at = 0;
  std::size_t bytes = 0;
  std::uint64_t pixels = 0;
  unsigned bits = 0;
};

std::vector<icon_entry> entries_of(std::string_view bytes) {
  constexpr std::size_t header_bytes = 6;
  constexpr std::size_t entry_bytes = 16;
  const auto side = [&](std::size_t at) {
    const auto said = little_endian(bytes, at, 1);
    return said == 0 ? std::uint64_t{256} : said;
  };
  std::vector<icon_entry> entries;
  const auto count = static_cast<std::size_t>(little_endian(bytes, 4, 2));
  for (std::size_t i = 0; i < count; ++i) {
    const auto at = header_bytes + i * entry_bytes;
    if (at + entry_bytes > bytes.size())
      break;
    entries.push_back({static_cast<std::size_t>(little_endian(bytes, at + 12, 4)),
                       static_cast<std::size_t>(little_endian(bytes, at + 8, 4)),
                       side(at) * side(at + 1),
                       static_cast<unsigned>(little_endian(bytes, at + 6, 2))});
  }
  std::stable_sort(entries.begin(), entries.end(), [](const icon_entry& a, const icon_entry& b) {
    return std::pair{a.pixels, a.bits} > std::pair{b.pixels, b.bits};
  });
  return entries;
}

// Where the mask below an icon's colours is set, nothing is seen.
void apply_mask(const dib_header& colors, std::string_view mask, picture& image) {
  const auto stride = (std::size_t{colors.size.width} + 31) / 32 * 4;
  if (mask.size() < stride * colors.size.height)
    return;
  picture with_alpha{image.width, image.height, 4};
  for (std::uint32_t y = 0; y < image.height; ++y) {
    const auto row = mask.substr((image.height - 1 - y) * stride, stride);
    for (std::uint32_t x = 0; x < image.width; ++x) {
      const bool is_hidden = (static_cast<unsigned>(row[x / 8]) >> (7 - x % 8) & 1U) != 0;
      auto* to = with_alpha.row(y) + std::size_t{x} * 4;
      std::copy_n(image.row(y) + std::size_t{x} * image.channels, 3, to);
      to[3] = is_hidden ? 0 : 255;
    }
  }
  image = without_needless_alpha(std::move(with_alpha));
}

bool is_seen(const picture& p) {
  for (std::size_t alpha = 3; alpha < p.pixels.size(); alpha += 4)
    if (p.pixels[alpha] != 0)
      return true;
  return false;
}

result<stored_image> read_icon_bitmap(std::string_view bytes, const limits& max) {
  const auto header = parse_dib(bytes, dib_home::icon);
  if (!header)
    return fail(header.error());
  if (header->packing != dib_packing::none || header->is_top_down)
    return fail(errc::unsupported_media, "ICO: packed, or from top to bottom");
  stored_image image;
  image.full = header->size;
  if (auto allowed = check_size(image.full, max); !allowed)
    return fail(allowed.error());
  const auto pixels = bytes.substr(std::min(header->end, bytes.size()));
  const bool has_alpha = header->channels[3].is_there();
  if (auto read = read_dib_rows(*header, pixels, has_alpha, {}, image); !read)
    return fail(read.error());
  // Old icons of 32 bits leave the alpha at 0 and rely on their mask.
  const auto colors_bytes = header->stride() * header->size.height;
  if (colors_bytes < pixels.size() && !image.pixels.has_alpha())
    apply_mask(*header, pixels.substr(colors_bytes), image.pixels);
  if (image.pixels.has_alpha() && !is_seen(image.pixels))
    return fail(errc::corrupt_media, "ICO: nothing of it is seen");
  return image;
}

result<stored_image> read_icon_entry(std::string_view bytes, const limits& max) {
  if (!bytes.starts_with("\x89PNG"))
    return read_icon_bitmap(bytes, max);
  const auto size = claimed_png_size(bytes);
  if (!size)
    return fail(size.error());
  stored_image image;
  image.full = *size;
  if (auto allowed = check_size(image.full, max); !allowed)
    return fail(allowed.error());
  if (auto decoded = decode_png(bytes, max, image); !decoded)
    return fail(decoded.error());
  return image;
}

} // namespace

result<stored_image> read_bmp(const opened_file& file, wanted_size wanted, const limits& max) {
  const auto mapped = mapped_file::of(file);
  if (!mapped)
    return fail(mapped.error());
  constexpr std::size_t file_header_bytes = 14;
  const auto bytes = mapped->text();
  if (bytes.size() < file_header_bytes)
    return fail(errc::corrupt_media, "BMP: no header");
  const auto header = parse_dib(bytes.substr(file_header_bytes), dib_home::bmp);
  if (!header)
    return fail(header.error());
  stored_image image;
  image.full = header->size;
  if (auto allowed = check_size(image.full, max); !allowed)
    return fail(allowed.error());
  const auto said = static_cast<std::size_t>(little_endian(bytes, 10, 4));
  const auto begin = said == 0 ? file_header_bytes + header->end : said;
  const auto pixels = bytes.substr(std::min(begin, bytes.size()));
  const auto read =
    header->packing == dib_packing::none
      ? read_dib_rows(*header, pixels, header->channels[3].is_there(), wanted, image)
      : read_dib_runs(*header, pixels, image);
  if (!read)
    return fail(read.error());
  return image;
}

result<stored_image> read_icon(const opened_file& file, const limits& max) {
  const auto mapped = mapped_file::of(file);
  if (!mapped)
    return fail(mapped.error());
  const auto bytes = mapped->text();
  result<stored_image> last = fail(errc::corrupt_media, "ICO: no picture in it");
  for (const auto& entry : entries_of(bytes)) { // the largest first
    if (entry.at >= bytes.size())
      continue;
    last = read_icon_entry(bytes.substr(entry.at, entry.bytes), max);
    if (last)
      return last;
  }
  return last;
}

} // namespace mediad::media
