#include "media/bytes/boxes.hpp"
#include "media/bytes/tiff_bytes.hpp"
#include "media/identify/sniffers.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace mediad::media {
namespace {

using namespace std::string_view_literals;

constexpr std::array marks{
  known_mark{"\xFF\xD8\xFF"sv, "image/jpeg"},
  known_mark{"\x89PNG\r\n\x1A\n"sv, "image/png"},
  known_mark{"GIF87a"sv, "image/gif"},
  known_mark{"GIF89a"sv, "image/gif"},
  known_mark{"8BPS\0\1"sv, "image/vnd.adobe.photoshop"},
  known_mark{"8BPS\0\2"sv, "image/vnd.adobe.photoshop"},
  known_mark{"\x76\x2F\x31\x01"sv, "image/x-exr"},
  known_mark{"#?RADIANCE\n"sv, "image/vnd.radiance"},
  known_mark{"#?RGBE\n"sv, "image/vnd.radiance"},
  known_mark{"\0\0\0\x0CjP  \r\n\x87\n"sv, "image/jp2"},
  known_mark{"\xFF\x4F\xFF\x51"sv, "image/j2c"},
  known_mark{"\xFF\x0A"sv, "image/jxl"},
  known_mark{"\0\0\0\x0CJXL \r\n\x87\n"sv, "image/jxl"},
  known_mark{"qoif"sv, "image/qoi"},
  known_mark{"FUJIFILMCCD-RAW "sv, "image/x-fuji-raf"},
  known_mark{"IIU\0"sv, "image/x-panasonic-rw2"},
  known_mark{"II\x1A\0\0\0HEAPCCDR"sv, "image/x-canon-crw"},
  known_mark{"\0MRM"sv, "image/x-minolta-mrw"},
  known_mark{"FOVb"sv, "image/x-sigma-x3f"},
  known_mark{"IIRO"sv, "image/x-olympus-orf"},
  known_mark{"IIRS"sv, "image/x-olympus-orf"},
  known_mark{"MMOR"sv, "image/x-olympus-orf"},
};

identity image(std::string_view media_type) {
  return {profile::image, std::string{media_type}};
}

// The media type of raw files by the first letters of the camera's maker (TIFF 6.0, section 8, tag
// 271).
std::string_view raw_of(std::string_view make) {
  constexpr std::array makers{
    known_mark{"NIKON", "image/x-nikon-nef"}, known_mark{"SONY", "image/x-sony-arw"},
    known_mark{"PENTAX", "image/x-pentax-pef"}, known_mark{"RICOH", "image/x-pentax-pef"},
    known_mark{"SAMSUNG", "image/x-samsung-srw"}};
  for (const auto& known : makers)
    if (make.starts_with(known.mark))
      return known.media_type;
  return {};
}

// What a directory of a TIFF file tells of camera raw.
struct tiff_signs {
  bool is_dng = false;
  bool is_raw = false; ///< Its pixels are what a sensor saw.
  std::string_view by_maker;
  std::vector<std::uint64_t> children; ///< Directories within it.
};

// Ways to pack what a sensor saw that belong to makers: Sony, Samsung, Nikon, Kodak, Pentax.
bool is_raw_compression(std::uint32_t compression) {
  constexpr std::array<std::uint32_t, 6> known{32'767, 32'769, 32'770, 34'713, 65'000, 65'535};
  return std::find(known.begin(), known.end(), compression) != known.end();
}

tiff_signs signs_in(const file_bytes& file, std::uint64_t at, bool is_big) {
  constexpr std::uint32_t color_filter_array = 32'803; // TIFF/EP, PhotometricInterpretation
  constexpr std::uint32_t linear_raw = 34'892;         // DNG
  constexpr std::uint32_t max_children = 16;
  const auto directory = file.read(at, tiff_bytes::max_directory_bytes);
  tiff_signs found;
  tiff_bytes{directory, is_big}.each_entry(0, [&](const tiff_entry& entry) {
    const auto value = entry.value;
    switch (entry.tag) {
    case 0xC612: found.is_dng = true; break; // DNGVersion
    case 0x0103: found.is_raw = found.is_raw || is_raw_compression(value); break;
    case 0x0106:
      found.is_raw = found.is_raw || value == color_filter_array || value == linear_raw;
      break;
    case 0x010F: found.by_maker = raw_of(file.read(value, 8)); break;
    case 0x014A: { // SubIFDs
      const auto count = std::min(entry.count, max_children);
      const auto list = count > 1 ? file.read(value, std::size_t{count} * 4) : std::string{};
      for (std::size_t i = 0; i + 4 <= list.size(); i += 4)
        found.children.push_back(tiff_bytes{list, is_big}.u32(i));
      if (count == 1)
        found.children.push_back(value);
      break;
    }
    default: break;
    }
  });
  return found;
}

// Camera raw files are built like TIFF, but a TIFF reader finds a thumbnail in them, or nothing.
// That a camera's maker is named proves nothing: programs copy that into the TIFF files that they
// write.
std::optional<identity> sniff_tiff(const file_bytes& file) {
  const auto head = file.head();
  if (head.starts_with("II+\0\x08\0"sv) || head.starts_with("MM\0+\0\x08"sv))
    return image("image/tiff"); // BigTIFF
  if (!head.starts_with("II*\0"sv) && !head.starts_with("MM\0*"sv))
    return std::nullopt;
  if (has_at(head, 8, "CR\2"))
    return image("image/x-canon-cr2");
  const bool is_big = head.front() == 'M';
  const auto first = signs_in(file, tiff_bytes{head, is_big}.u32(4), is_big);
  if (first.is_dng)
    return image("image/x-adobe-dng");
  const bool is_raw = first.is_raw
                      || std::any_of(first.children.begin(), first.children.end(),
                                     [&](auto at) { return signs_in(file, at, is_big).is_raw; });
  if (!is_raw)
    return image("image/tiff");
  return image(first.by_maker.empty() ? "image/x-dcraw" : first.by_maker);
}

// Whether the header of a bitmap has had this size.
bool is_bitmap_header(std::uint64_t bytes) {
  switch (bytes) {
  case 12:
  case 16: // the least that OS/2 2.x writes
  case 40:
  case 52:
  case 56:
  case 64:
  case 108:
  case 124: return true;
  default: return false;
  }
}

std::optional<identity> sniff_bmp(std::string_view head) {
  if (!head.starts_with("BM") || little_endian(head, 6, 4) != 0
      || !is_bitmap_header(little_endian(head, 14, 4)))
    return std::nullopt;
  return image("image/bmp");
}

// The brands of ISO/IEC 23008-12 (HEIF) and of AVIF in the file's first box.
std::optional<identity> sniff_heif(std::string_view head) {
  const auto first = parse_box_header(head);
  if (!first || first->type != "ftyp")
    return std::nullopt;
  const auto box = head.substr(0, first->bytes);
  bool is_heic = false;
  const auto major_at = static_cast<std::size_t>(first->header_bytes);
  for (auto at = major_at; at + 4 <= box.size(); at += 4) {
    const auto brand = box.substr(at, 4);
    if (brand == "avif" || brand == "avis")
      return image("image/avif");
    if (brand == "crx ")
      return image("image/x-canon-cr3");
    // Video files may list mif1 among others, pictures lead with it.
    is_heic = is_heic || brand == "heic" || brand == "heix" || brand == "heim" || brand == "heis"
              || brand == "hevc" || brand == "hevx"
              || (at == major_at && (brand == "mif1" || brand == "msf1"));
  }
  return is_heic ? std::optional{image("image/heic")} : std::nullopt;
}

// An icon or a cursor: a short directory, whose first entry leads to a bitmap or a PNG.
std::optional<identity> sniff_icon(const file_bytes& file) {
  constexpr std::uint64_t max_entries = 256;
  constexpr std::uint64_t directory_bytes = 6;
  constexpr std::uint64_t entry_bytes = 16;
  const auto head = file.head();
  const bool is_cursor = head.starts_with("\0\0\2\0"sv);
  if (!is_cursor && !head.starts_with("\0\0\1\0"sv))
    return std::nullopt;
  const auto count = little_endian(head, 4, 2);
  const auto at = little_endian(head, directory_bytes + 12, 4);
  if (count == 0 || count > max_entries || at < directory_bytes + count * entry_bytes)
    return std::nullopt;
  const auto picture = file.read(at, 8);
  if (!picture.starts_with("\x89PNG") && !is_bitmap_header(little_endian(picture, 0, 4)))
    return std::nullopt;
  return image("image/vnd.microsoft.icon");
}

// A TGA has no mark at its start; version 2 has one at its end.
std::optional<identity> sniff_tga(const file_bytes& file) {
  constexpr std::size_t header_bytes = 18;
  constexpr auto footer = "TRUEVISION-XFILE.\0"sv;
  if (file.size() < header_bytes + footer.size()
      || file.read(file.size() - footer.size(), footer.size()) != footer)
    return std::nullopt;
  const auto kind = big_endian(file.head(), 2, 1) & ~8U; // 8: run-length coded
  return kind >= 1 && kind <= 3 ? std::optional{image("image/x-tga")} : std::nullopt;
}

} // namespace

std::optional<identity> sniff_image(const file_bytes& file) {
  const auto head = file.head();
  for (const auto& known : marks)
    if (head.starts_with(known.mark))
      return image(known.media_type);
  if (head.starts_with("RIFF") && has_at(head, 8, "WEBP"))
    return image("image/webp");
  if (auto tiff = sniff_tiff(file))
    return tiff;
  if (auto bmp = sniff_bmp(head))
    return bmp;
  if (auto heif = sniff_heif(head))
    return heif;
  if (auto icon = sniff_icon(file))
    return icon;
  return sniff_tga(file);
}

} // namespace mediad::media
