#include "media/bytes/boxes.hpp"
#include "media/bytes/file_bytes.hpp"
#include "media/bytes/mapped_file.hpp"
#include "media/bytes/tiff_bytes.hpp"
#include "media/facts/picture_facts.hpp"
#include "media/image/readers/readers.hpp"

#include <algorithm>
#include <vector>

namespace mediad::media {
namespace {

using namespace std::string_view_literals;

/// A JPEG somewhere in the file.
struct embedded {
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
};

/// Walks the directories of a TIFF-like file (TIFF 6.0, section 2): each once, and 32 at most.
class directory_walk {
public:
  explicit directory_walk(const file_bytes& file)
    : file_{file}, is_big_{file.head().starts_with("MM")} {}

  void walk() {
    add(tiff_bytes{file_.head(), is_big_}.u32(4));
    for (std::size_t i = 0; i < directories_.size(); ++i)
      look_at(directories_[i], i == 0);
  }

  std::vector<embedded> found;
  int orientation = 1;

private:
  void add(std::uint64_t offset) {
    constexpr std::size_t max_directories = 32;
    if (offset != 0 && directories_.size() < max_directories
        && std::find(directories_.begin(), directories_.end(), offset) == directories_.end())
      directories_.push_back(offset);
  }

  void look_at(std::uint64_t offset, bool is_first) {
    const auto bytes = file_.read(offset, tiff_bytes::max_directory_bytes);
    embedded by_interchange;
    embedded by_strip;
    std::uint32_t compression = 0;
    const auto look = [&](const tiff_entry& entry) {
      const auto count = entry.count;
      const auto value = entry.value;
      switch (entry.tag) {
      case 0x002E: found.push_back({value, count}); break; // Panasonic: JpgFromRaw
      case 0x0103: compression = value; break;
      case 0x0111: by_strip.offset = count == 1 ? value : 0; break;
      case 0x0112:
        orientation = is_first && value >= 1 && value <= 8 ? static_cast<int>(value) : orientation;
        break;
      case 0x0117: by_strip.bytes = count == 1 ? value : 0; break;
      case 0x014A: add_many(value, count); break; // SubIFDs
      case 0x0201: by_interchange.offset = value; break;
      case 0x0202: by_interchange.bytes = value; break;
      default: break;
      }
    };
    const auto next = tiff_bytes{bytes, is_big_}.each_entry(0, look);
    found.push_back(by_interchange);
    if (compression == 6 || compression == 7) // JPEG, in both of its TIFF spellings
      found.push_back(by_strip);
    add(next);
  }

  void add_many(std::uint32_t value, std::uint32_t count) {
    constexpr std::uint32_t max_children = 16;
    if (count == 1)
      return add(value);
    const auto list = file_.read(value, std::size_t{std::min(count, max_children)} * 4);
    const tiff_bytes offsets{list, is_big_};
    for (std::size_t i = 0; i + 4 <= list.size(); i += 4)
      add(offsets.u32(i));
  }

  const file_bytes& file_;
  bool is_big_;
  std::vector<std::uint64_t> directories_;
};

// False for the sensor's own values, which several makers hold in lossless JPEG (SOF3).
bool is_ordinary_jpeg(const file_bytes& file, const embedded& jpeg) {
  const auto bytes = file.read(jpeg.offset, file_bytes::max_piece);
  if (!bytes.starts_with("\xFF\xD8\xFF"))
    return false;
  for (std::size_t at = 2; at + 4 <= bytes.size();) {
    const auto marker = big_endian(bytes, at, 2);
    if (marker == 0xFFC0 || marker == 0xFFC1 || marker == 0xFFC2)
      return true;
    if (marker < 0xFFC0 || marker == 0xFFC3 || marker == 0xFFDA)
      return false;
    at += 2 + static_cast<std::size_t>(big_endian(bytes, at + 2, 2));
  }
  return true; // its metadata alone are longer than the piece
}

// Canon's CR3 holds its preview in a box PRVW, which stands in a box of Canon's own.
std::vector<embedded> preview_of_cr3(const file_bytes& file) {
  constexpr auto canon = "\xEA\xF4\x2B\x5E\x1C\x98\x4B\x88\xB9\xFB\xB7\xDC\x40\x6E\x4D\x16"sv;
  constexpr std::uint64_t before_box = 24;  // that name, and a count
  constexpr std::uint64_t before_jpeg = 16; // its width and height, and at last its length
  std::vector<embedded> found;
  each_box(file, 0, file.size(), [&](const box& top) {
    if (top.type != "uuid" || file.read(top.begin, canon.size()) != canon)
      return;
    const auto preview = box_at(file, top.begin + before_box, top.end);
    if (preview && preview->type == "PRVW")
      found.push_back({preview->begin + before_jpeg,
                       big_endian(file.read(preview->begin + before_jpeg - 4, 4), 0, 4)});
  });
  return found;
}

// Fujifilm says where its preview is at a fixed place.
std::vector<embedded> by_other_means(const file_bytes& file, std::string_view media_type) {
  const auto head = file.head();
  if (media_type == "image/x-fuji-raf")
    return {{big_endian(head, 84, 4), big_endian(head, 88, 4)}};
  return media_type == "image/x-canon-cr3" ? preview_of_cr3(file) : std::vector<embedded>{};
}

// CR3 keeps each directory of its Exif in a box of its own (CMT1: the first, CMT2: the
// photograph's).
file_facts facts_of_cr3(const file_bytes& file) {
  constexpr std::uint64_t before_box = 16; // the name of Canon's own box
  file_facts found;
  const auto look = [&](const box& part) {
    if (part.type != "CMT1" && part.type != "CMT2")
      return;
    const auto bytes = file.read(part.begin, static_cast<std::size_t>(part.end - part.begin));
    found.fill_from(
      exif_facts({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}));
  };
  each_box(file, 0, file.size(), [&](const box& top) {
    if (top.type == "moov")
      each_box(file, top.begin, top.end, [&](const box& own) {
        if (own.type == "uuid")
          each_box(file, own.begin + before_box, own.end, look);
      });
  });
  return found;
}

} // namespace

file_facts raw_facts(const opened_file& file, std::string_view media_type) {
  if (media_type == "image/x-canon-cr3") {
    const auto bytes = file_bytes::of(file);
    return bytes ? facts_of_cr3(*bytes) : file_facts{};
  }
  const auto mapped = mapped_file::of(file);
  return mapped ? exif_facts(mapped->bytes()) : file_facts{};
}

result<stored_image> read_raw_preview(const opened_file& file, std::string_view media_type,
                                      wanted_size wanted, const limits& max) {
  const auto bytes = file_bytes::of(file);
  if (!bytes)
    return fail(bytes.error());
  auto found = by_other_means(*bytes, media_type);
  int orientation = 0;
  if (found.empty()) {
    directory_walk directories{*bytes};
    directories.walk();
    found = std::move(directories.found);
    orientation = directories.orientation;
  }
  std::sort(found.begin(), found.end(),
            [](const embedded& a, const embedded& b) { return a.bytes > b.bytes; });
  for (const auto& e : found) {
    if (e.bytes == 0 || e.offset >= bytes->size() || !is_ordinary_jpeg(*bytes, e))
      continue;
    auto image = read_jpeg(file, wanted, max, e.offset);
    // The preview often says nothing of how the camera was held; the file around it does.
    if (image && image->orientation == 1 && orientation != 0)
      image->orientation = orientation;
    return image;
  }
  return fail(errc::unsupported_media, "a raw file without a preview in JPEG");
}

} // namespace mediad::media
