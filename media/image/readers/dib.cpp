#include "media/image/readers/dib.hpp"

#include "media/bytes/file_bytes.hpp"
#include "media/image/readers/rows.hpp"

#include <bit>
#include <string>

namespace mediad::media {
namespace {

// The sizes of header that tell where its fields are.
constexpr std::uint32_t core_header = 12;  // OS/2 1.x, BITMAPCOREHEADER
constexpr std::uint32_t info_header = 40;  // BITMAPINFOHEADER
constexpr std::uint32_t color_header = 52; // with masks of three colours, and
constexpr std::uint32_t alpha_header = 56; // of alpha
constexpr std::uint32_t os2_header = 64;   // OS/2 2.x, whose bytes from 40 on mean other things
constexpr std::uint32_t min_header = 16;

// The values of biCompression ([MS-WMF], 2.1.1.7); OS/2 2.x has others.
constexpr std::uint32_t bit_fields = 3;
constexpr std::uint32_t alpha_bit_fields = 6;

result<dib_packing> packing_of(std::uint32_t compression, std::uint32_t header_bytes) {
  constexpr std::uint32_t os2_rle24 = 4;
  if (header_bytes == os2_header && compression == os2_rle24)
    return dib_packing::rle24;
  if (header_bytes == os2_header && compression > 2)
    return fail(errc::unsupported_media, "BMP: packed like a fax");
  switch (compression) {
  case 0:
  case bit_fields:
  case alpha_bit_fields: return dib_packing::none;
  case 1: return dib_packing::rle8;
  case 2: return dib_packing::rle4;
  case 4:
  case 5: return fail(errc::unsupported_media, "BMP: with a picture of another kind within it");
  default: return fail(errc::corrupt_media, "BMP: an unknown compression");
  }
}

// @param masks_at where the masks of three colours, and perhaps of alpha, are.
void read_masks(std::string_view bytes, std::size_t masks_at, std::size_t count, dib_header& h) {
  for (std::size_t i = 0; i < count; ++i)
    h.channels.at(i) = dib_channel{little_endian_32(bytes, masks_at + 4 * i, 4)};
}

// Without masks, 16 bits hold three times five and 32 bits a byte each; the fourth means nothing in
// a BMP file, and alpha in an icon.
void use_usual_masks(dib_header& h, dib_home home) {
  if (h.bits == 16)
    h.channels = {dib_channel{0x7C00}, dib_channel{0x03E0}, dib_channel{0x001F}, dib_channel{}};
  else
    h.channels = {dib_channel{0xFF0000}, dib_channel{0xFF00}, dib_channel{0xFF},
                  home == dib_home::icon ? dib_channel{0xFF000000} : dib_channel{}};
}

void read_sides(std::string_view bytes, bool is_core, dib_header& h) {
  if (is_core) {
    h.size = {little_endian_32(bytes, 4, 2), little_endian_32(bytes, 6, 2)};
    return;
  }
  const auto height = static_cast<std::int32_t>(little_endian_32(bytes, 8, 4));
  h.is_top_down = height < 0;
  h.size = {little_endian_32(bytes, 4, 4), height < 0 ? 0U - static_cast<std::uint32_t>(height)
                                                      : static_cast<std::uint32_t>(height)};
}

} // namespace

dib_channel::dib_channel(std::uint32_t mask)
  : mask_{mask}, shift_{mask == 0 ? 0U : static_cast<unsigned>(std::countr_zero(mask))} {}

std::uint8_t dib_channel::operator()(std::uint32_t pixel) const {
  const std::uint64_t most = mask_ >> shift_;
  const std::uint64_t value = (pixel & mask_) >> shift_;
  if (most == 255)
    return static_cast<std::uint8_t>(value);
  return most == 0 ? std::uint8_t{0} : static_cast<std::uint8_t>((value * 255 + most / 2) / most);
}

std::array<std::uint8_t, 3> dib_header::color(unsigned index) const {
  const auto at = index * palette_step;
  if (at + 3 > palette.size())
    return {};
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint8_t>(palette[at + i]);
  };
  return {byte(2), byte(1), byte(0)};
}

result<dib_header> parse_dib(std::string_view bytes, dib_home home) {
  const auto header_bytes = little_endian_32(bytes, 0, 4);
  const bool is_core = header_bytes == core_header;
  if (header_bytes > bytes.size() || (!is_core && header_bytes < min_header))
    return fail(errc::corrupt_media, "BMP: no header");
  dib_header h;
  read_sides(bytes, is_core, h);
  if (home == dib_home::icon)
    h.size.height /= 2; // a mask is below the colours
  h.bits = little_endian_32(bytes, is_core ? 10 : 14, 2);
  if (std::string_view{"\1\2\4\10\20\30\40"}.find(static_cast<char>(h.bits))
        == std::string_view::npos
      || h.bits > 32)
    return fail(errc::unsupported_media, "BMP: " + std::to_string(h.bits) + " bits a pixel");
  const auto head = bytes.substr(0, header_bytes); // fields that it is too short for are 0
  const auto compression = is_core ? 0 : little_endian_32(head, 16, 4);
  const auto packing = packing_of(compression, header_bytes);
  if (!packing)
    return fail(packing.error());
  h.packing = *packing;
  h.end = header_bytes;
  if (h.bits == 16 || h.bits == 32) {
    const bool has_masks =
      header_bytes != os2_header && (compression == bit_fields || compression == alpha_bit_fields);
    const std::size_t behind = compression == alpha_bit_fields ? 4 : 3;
    if (!has_masks)
      use_usual_masks(h, home);
    else if (header_bytes >= color_header)
      read_masks(bytes, info_header, header_bytes >= alpha_header ? 4 : 3, h);
    else
      read_masks(bytes, h.end, behind, h);
    if (has_masks && header_bytes < color_header)
      h.end += behind * 4;
  }
  if (h.bits <= 8) {
    h.palette_step = is_core ? 3 : 4;
    const auto most = 1U << h.bits;
    const auto said = is_core ? 0 : little_endian_32(head, 32, 4);
    const auto colors = said == 0 || said > most ? most : said;
    h.palette = bytes.substr(std::min(h.end, bytes.size()), colors * h.palette_step);
    h.end += colors * h.palette_step;
  }
  return h;
}

result<> read_dib_rows(const dib_header& header, std::string_view packed, bool has_alpha,
                       wanted_size wanted, stored_image& image) {
  const auto stride = header.stride();
  const auto width = header.size.width;
  const unsigned channels = has_alpha ? 4 : 3;
  const auto read = [&](std::uint32_t y, std::uint8_t* to) {
    const auto at = (header.is_top_down ? y : header.size.height - 1 - y) * std::uint64_t{stride};
    const auto needed = (std::size_t{width} * header.bits + 7) / 8;
    if (at > packed.size() || packed.size() - at < needed)
      return false;
    const auto* row = reinterpret_cast<const std::uint8_t*>(packed.data()) + at;
    for (std::uint32_t x = 0; x < width; ++x, to += channels) {
      if (header.bits == 24) {
        to[0] = row[x * 3 + 2];
        to[1] = row[x * 3 + 1];
        to[2] = row[x * 3];
      } else if (header.bits >= 16) {
        std::uint32_t pixel = 0;
        for (unsigned i = 0; i < header.bits / 8; ++i)
          pixel |= static_cast<std::uint32_t>(row[x * (header.bits / 8) + i]) << (8 * i);
        for (std::size_t c = 0; c < channels; ++c)
          to[c] = header.channels.at(c)(pixel);
      } else {
        const auto bit = std::size_t{x} * header.bits;
        const auto index = row[bit / 8] >> (8 - header.bits - bit % 8) & ((1U << header.bits) - 1);
        std::copy_n(header.color(index).begin(), 3, to);
      }
    }
    return true;
  };
  auto rows = collect_rows(header.size, channels, wanted.factor(header.size, 1), read);
  if (has_alpha)
    unhide(rows.pixels);
  return take_rows(std::move(rows), image);
}

} // namespace mediad::media
