#include "media/bytes/file_bytes.hpp"
#include "media/bytes/mapped_file.hpp"
#include "media/image/readers/readers.hpp"
#include "media/image/readers/rows.hpp"

#include <array>

namespace mediad::media {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t header_bytes = 18;

/// The header of a TGA file (Truevision TGA, version 2.0, appendix A).
struct tga_header {
  extent size;
  unsigned kind = 0; ///< 1: with a palette, 2: in colour, 3: gray.
  bool is_packed = false;
  unsigned bits = 0; ///< Bits of a pixel.
  unsigned alpha_bits = 0;
  bool is_top_down = false;
  bool is_mirrored = false; ///< Each row runs from right to left.
  std::string_view palette;
  unsigned palette_bits = 0;
  unsigned first_color = 0; ///< The index of the palette's first colour.
  std::size_t pixels_at = 0;

  std::size_t pixel_bytes() const {
    return (bits + 7) / 8;
  }
  /// Bits of the pixel or palette entry that holds a colour.
  unsigned color_bits() const {
    return kind == 1 ? palette_bits : bits;
  }
};

// What version 2 says of the alpha in its extension area; nothing without one.
enum class alpha_use { unknown, none, straight, premultiplied };
alpha_use alpha_use_of(std::string_view bytes) {
  constexpr std::size_t footer_bytes = 26;
  constexpr std::size_t attributes_at = 494;
  if (bytes.size() < header_bytes + footer_bytes || !bytes.ends_with("TRUEVISION-XFILE.\0"sv))
    return alpha_use::unknown;
  const auto area = little_endian_32(bytes, bytes.size() - footer_bytes, 4);
  if (area == 0 || std::uint64_t{area} + attributes_at >= bytes.size())
    return alpha_use::unknown;
  switch (little_endian_32(bytes, area + attributes_at, 1)) {
  case 3: return alpha_use::straight;
  case 4: return alpha_use::premultiplied;
  default: return alpha_use::none;
  }
}

bool is_one_of(unsigned value, std::initializer_list<unsigned> allowed) {
  return std::find(allowed.begin(), allowed.end(), value) != allowed.end();
}

result<tga_header> parse(std::string_view bytes) {
  if (bytes.size() < header_bytes)
    return fail(errc::corrupt_media, "TGA: no header");
  tga_header h;
  h.kind = little_endian_32(bytes, 2, 1) & ~8U;
  h.is_packed = (little_endian_32(bytes, 2, 1) & 8U) != 0;
  h.first_color = little_endian_32(bytes, 3, 2);
  h.palette_bits = little_endian_32(bytes, 7, 1);
  h.size = {little_endian_32(bytes, 12, 2), little_endian_32(bytes, 14, 2)};
  h.bits = little_endian_32(bytes, 16, 1);
  const auto how = little_endian_32(bytes, 17, 1);
  h.alpha_bits = how & 15U;
  h.is_mirrored = (how & 16U) != 0;
  h.is_top_down = (how & 32U) != 0;
  const auto palette_at = header_bytes + little_endian_32(bytes, 0, 1);
  std::size_t palette_bytes = 0;
  if (little_endian_32(bytes, 1, 1) == 1)
    palette_bytes = std::size_t{little_endian_32(bytes, 5, 2)} * ((h.palette_bits + 7) / 8);
  h.palette = bytes.substr(std::min(palette_at, bytes.size()), palette_bytes);
  h.pixels_at = std::min(palette_at + palette_bytes, bytes.size());
  const bool is_known = h.kind == 1   ? is_one_of(h.bits, {8, 16}) && !h.palette.empty()
                        : h.kind == 2 ? is_one_of(h.bits, {15, 16, 24, 32})
                        : h.kind == 3 ? is_one_of(h.bits, {8, 16})
                                      : false;
  if (!is_known || (h.kind == 1 && !is_one_of(h.palette_bits, {15, 16, 24, 32})))
    return fail(errc::unsupported_media, "TGA: of an unknown kind");
  return h;
}

using rgba = std::array<std::uint8_t, 4>;

// Blue, green, red and perhaps alpha, or five bits of each.
rgba color_of(std::string_view bytes, unsigned bits, bool has_alpha) {
  const auto byte = [&](std::size_t i) {
    return i < bytes.size() ? static_cast<std::uint8_t>(bytes[i]) : std::uint8_t{0};
  };
  if (bits >= 24)
    return {byte(2), byte(1), byte(0), has_alpha ? byte(3) : std::uint8_t{255}};
  const auto word = static_cast<unsigned>(byte(0) | byte(1) << 8U);
  const auto five = [&](unsigned shift) {
    return static_cast<std::uint8_t>(((word >> shift & 31U) * 255 + 15) / 31);
  };
  const bool is_seen = !has_alpha || (word & 0x8000U) != 0;
  return {five(10), five(5), five(0), is_seen ? std::uint8_t{255} : std::uint8_t{0}};
}

rgba pixel_of(std::string_view bytes, const tga_header& header, bool has_alpha) {
  if (header.kind == 3) {
    const auto gray = static_cast<std::uint8_t>(bytes[0]);
    const auto alpha = has_alpha ? static_cast<std::uint8_t>(bytes[1]) : std::uint8_t{255};
    return {gray, gray, gray, alpha};
  }
  if (header.kind == 2)
    return color_of(bytes, header.bits, has_alpha);
  const auto index = little_endian_32(bytes, 0, header.pixel_bytes());
  const auto step = (header.palette_bits + 7) / 8;
  const auto at = std::size_t{index - std::min(index, header.first_color)} * step;
  return color_of(header.palette.substr(std::min(at, header.palette.size()), step),
                  header.palette_bits, has_alpha);
}

/// The pixels one after the other, unpacked (appendix A, image types 9 to 11).
class pixel_source {
public:
  pixel_source(std::string_view bytes, const tga_header& header)
    : rest_{bytes}, step_{header.pixel_bytes()}, is_packed_{header.is_packed} {}

  /// Empty at the end of the file.
  std::string_view next() {
    if (is_packed_ && left_ == 0 && !begin_packet())
      return {};
    if (rest_.size() < step_)
      return {};
    const auto pixel = rest_.substr(0, step_);
    left_ -= is_packed_ ? 1 : 0;
    if (!is_packed_ || !is_run_ || left_ == 0)
      rest_.remove_prefix(step_);
    return pixel;
  }

private:
  bool begin_packet() {
    if (rest_.empty())
      return false;
    const auto head = static_cast<unsigned>(static_cast<std::uint8_t>(rest_.front()));
    rest_.remove_prefix(1);
    is_run_ = (head & 128U) != 0;
    left_ = (head & 127U) + 1;
    return true;
  }

  std::string_view rest_;
  std::size_t step_;
  bool is_packed_;
  bool is_run_ = false;
  unsigned left_ = 0; ///< Pixels of the packet that are to come.
};

// Alpha is there if its bits are said to be, or if pixels have room for a whole byte of it.
bool has_alpha(const tga_header& h, alpha_use use) {
  if (use == alpha_use::none)
    return false;
  if (h.kind == 3)
    return h.bits == 16;
  return h.color_bits() == 32 || (h.color_bits() == 16 && h.alpha_bits > 0);
}

// Returns how many rows are there.
std::uint32_t draw(std::string_view bytes, const tga_header& header, bool with_alpha, picture& to) {
  pixel_source source{bytes.substr(header.pixels_at), header};
  for (std::uint32_t y = 0; y < to.height; ++y) {
    auto* row = to.row(header.is_top_down ? y : to.height - 1 - y);
    for (std::uint32_t x = 0; x < to.width; ++x) {
      const auto pixel = source.next();
      if (pixel.empty())
        return y;
      const auto color = pixel_of(pixel, header, with_alpha);
      const auto at = std::size_t{header.is_mirrored ? to.width - 1 - x : x} * to.channels;
      std::copy_n(color.begin(), to.channels, row + at);
    }
  }
  return to.height;
}

void divide_by_alpha(picture& p) {
  for (std::size_t at = 0; at + 3 < p.pixels.size(); at += 4) {
    const unsigned alpha = p.pixels[at + 3];
    for (std::size_t c = 0; c < 3 && alpha > 0; ++c)
      p.pixels[at + c] =
        static_cast<std::uint8_t>(std::min(255U, (p.pixels[at + c] * 255U + alpha / 2) / alpha));
  }
}

} // namespace

result<stored_image> read_tga(const opened_file& file, const limits& max) {
  const auto mapped = mapped_file::of(file);
  if (!mapped)
    return fail(mapped.error());
  const auto bytes = mapped->text();
  const auto header = parse(bytes);
  if (!header)
    return fail(header.error());
  stored_image image;
  image.full = header->size;
  if (auto allowed = check_size(image.full, max); !allowed)
    return fail(allowed.error());
  const auto use = alpha_use_of(bytes);
  const bool with_alpha = has_alpha(*header, use);
  collected_rows rows;
  rows.pixels = picture{image.full.width, image.full.height, with_alpha ? 4U : 3U};
  rows.found = draw(bytes, *header, with_alpha, rows.pixels);
  if (use == alpha_use::premultiplied && with_alpha)
    divide_by_alpha(rows.pixels);
  if (with_alpha)
    unhide(rows.pixels);
  if (auto taken = take_rows(std::move(rows), image); !taken)
    return fail(taken.error());
  return image;
}

} // namespace mediad::media
