#include "media/identify/sniffers.hpp"

#include <algorithm>
#include <charconv>

namespace mediad::media {
namespace {

using namespace std::string_view_literals;

identity image(std::string_view media_type) {
  return {profile::image, std::string{media_type}};
}

/// The numbers in the header of a TGA file (Truevision TGA, version 2.0, appendix A).
struct tga_header {
  explicit tga_header(std::string_view head)
    : name_bytes{little_endian(head, 0, 1)},
      palette_kind{little_endian(head, 1, 1)},
      kind{little_endian(head, 2, 1) & ~8U},
      is_packed{(little_endian(head, 2, 1) & 8U) != 0},
      first_color{little_endian(head, 3, 2)},
      colors{little_endian(head, 5, 2)},
      color_bits{little_endian(head, 7, 1)},
      begins_at_zero{little_endian(head, 8, 4) == 0},
      width{little_endian(head, 12, 2)},
      height{little_endian(head, 14, 2)},
      bits{little_endian(head, 16, 1)},
      how{little_endian(head, 17, 1)} {}

  std::uint64_t name_bytes, palette_kind, kind;
  bool is_packed;
  std::uint64_t first_color, colors, color_bits;
  bool begins_at_zero; ///< The picture's corner is that of the screen.
  std::uint64_t width, height, bits, how;

  std::uint64_t pixel_bytes() const {
    return (bits + 7) / 8;
  }
  std::uint64_t palette_bytes() const {
    return palette_kind == 0 ? 0 : colors * ((color_bits + 7) / 8);
  }

  // Whether the numbers go together: without a mark, that is all there is to tell it by.
  bool makes_sense() const {
    const auto is_color = [](std::uint64_t b) {
      return b == 15 || b == 16 || b == 24 || b == 32;
    };
    const bool has_palette = palette_kind == 1 && colors > 0 && is_color(color_bits);
    const bool has_none = palette_kind == 0 && first_color == 0 && colors == 0;
    const bool has_pixels = kind == 1   ? has_palette && bits == 8
                            : kind == 2 ? (has_none || has_palette) && is_color(bits)
                            : kind == 3 ? has_none && (bits == 8 || bits == 16)
                                        : false;
    const auto alpha = how & 15U;
    const bool has_alpha_bits = alpha == 0 || alpha == 8 || alpha == 1;
    return has_pixels && width > 0 && height > 0 && (how & 0xC0U) == 0 && has_alpha_bits;
  }
};

// Walks the packets in @p packed (appendix A, image types 9 to 11); true if they make no more than
// @p pixels, and just as many if all of them are there.
bool packets_fit(std::string_view packed, std::uint64_t pixel_bytes, std::uint64_t pixels,
                 bool are_all) {
  std::uint64_t made = 0;
  std::uint64_t at = 0;
  while (at < packed.size() && made < pixels) {
    const auto head = static_cast<unsigned>(static_cast<std::uint8_t>(packed[at]));
    const auto count = (head & 127U) + 1;
    made += count;
    at += 1 + ((head & 128U) != 0 ? pixel_bytes : count * pixel_bytes);
  }
  return made == pixels || (made < pixels && !are_all);
}

// A few kilobytes may follow the pixels: a program's own data, or what pads a file.
constexpr std::uint64_t max_rest = 16'384;

// Whether the file is the beginning of one of those that most programs write: true colours and no
// more, and a good part of them is there.
bool may_be_cut(const tga_header& h, std::uint64_t rest) {
  constexpr std::uint64_t least_side = 16;
  constexpr std::uint64_t most_side = 16'384;
  const auto is_side = [](std::uint64_t side) {
    return side >= least_side && side <= most_side;
  };
  const auto alpha = h.how & 15U;
  const bool is_usual = h.kind == 2 && h.name_bytes == 0 && h.palette_kind == 0 && h.begins_at_zero
                        && ((h.bits == 24 && alpha == 0) || (h.bits == 32 && alpha == 8));
  return is_usual && is_side(h.width) && is_side(h.height)
         && rest * 4 >= h.width * h.height * h.pixel_bytes();
}

bool is_tga(const file_bytes& file) {
  constexpr std::size_t header_bytes = 18;
  const tga_header h{file.head()};
  if (file.size() <= header_bytes || !h.makes_sense())
    return false;
  const auto begin = header_bytes + h.name_bytes + h.palette_bytes();
  const auto pixels = h.width * h.height;
  if (begin >= file.size())
    return false;
  const auto rest = file.size() - begin;
  if (!h.is_packed)
    return rest >= pixels * h.pixel_bytes() ? rest - pixels * h.pixel_bytes() <= max_rest
                                            : may_be_cut(h, rest);
  const auto packed = file.read(begin, file_bytes::max_piece);
  return rest >= pixels / 128 && rest <= pixels * (h.pixel_bytes() + 1) + max_rest
         && packets_fit(packed, h.pixel_bytes(), pixels, packed.size() == rest);
}

constexpr auto space = " \t\r\n"sv;

// Cuts the next word off, past white space and comments; empty if there is none.
std::string_view next_word(std::string_view& text) {
  for (;;) {
    text.remove_prefix(std::min(text.find_first_not_of(space), text.size()));
    if (!text.starts_with('#'))
      break;
    text.remove_prefix(std::min(text.find('\n'), text.size()));
  }
  const auto word = text.substr(0, text.find_first_of(space));
  text.remove_prefix(word.size());
  return word;
}

bool is_count(std::string_view word) {
  unsigned value = 0;
  const auto read = std::from_chars(word.data(), word.data() + word.size(), value);
  return read.ec == std::errc{} && read.ptr == word.data() + word.size() && value > 0
         && value <= 65'536;
}

// The header of a file of Netpbm, and of one in plain text also that numbers follow.
std::optional<identity> sniff_netpbm(std::string_view head) {
  if (head.size() < 3 || head[0] != 'P' || head[1] < '1' || head[1] > '7'
      || space.find(head[2]) == std::string_view::npos)
    return std::nullopt;
  const auto kind = head[1] - '0';
  auto text = head.substr(2);
  if (kind == 7) {
    for (int i = 0; i < 100; ++i)
      if (const auto word = next_word(text); word == "ENDHDR" || word.empty())
        return word.empty() ? std::nullopt : std::optional{image("image/x-portable-anymap")};
    return std::nullopt;
  }
  const bool is_bits = kind == 1 || kind == 4;
  for (int i = 0; i < (is_bits ? 2 : 3); ++i)
    if (!is_count(next_word(text)))
      return std::nullopt;
  if (kind <= 3 && next_word(text).find_first_not_of("0123456789") != std::string_view::npos)
    return std::nullopt;
  return image(is_bits                  ? "image/x-portable-bitmap"
               : kind == 2 || kind == 5 ? "image/x-portable-graymap"
                                        : "image/x-portable-pixmap");
}

} // namespace

std::optional<identity> sniff_plain_image(const file_bytes& file) {
  if (auto netpbm = sniff_netpbm(file.head()))
    return netpbm;
  return is_tga(file) ? std::optional{image("image/x-tga")} : std::nullopt;
}

} // namespace mediad::media
