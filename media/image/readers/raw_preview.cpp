#include "media/bytes/file_bytes.hpp"
#include "media/image/readers/readers.hpp"

#include <algorithm>
#include <vector>

namespace mediad::media {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t entry_bytes = 12;

/// A JPEG somewhere in the file.
struct embedded {
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
};

/// Walks the directories of a TIFF-like file (TIFF 6.0, section 2), each once and few in all.
class directory_walk {
public:
  explicit directory_walk(const file_bytes& file)
    : file_{file}, is_big_{file.head().starts_with("MM")} {}

  void walk() {
    add(number(file_.head(), 4, 4));
    for (std::size_t i = 0; i < directories_.size(); ++i)
      look_at(directories_[i], i == 0);
  }

  std::vector<embedded> found;
  int orientation = 1;

private:
  std::uint64_t number(std::string_view bytes, std::size_t at, std::size_t count) const {
    return is_big_ ? big_endian(bytes, at, count) : little_endian(bytes, at, count);
  }

  void add(std::uint64_t offset) {
    constexpr std::size_t max_directories = 32;
    if (offset != 0 && directories_.size() < max_directories
        && std::find(directories_.begin(), directories_.end(), offset) == directories_.end())
      directories_.push_back(offset);
  }

  void look_at(std::uint64_t offset, bool is_first) {
    constexpr std::size_t max_entries = 512;
    const auto bytes = file_.read(offset, 2 + max_entries * entry_bytes + 4);
    const auto entries = std::min<std::uint64_t>(number(bytes, 0, 2), max_entries);
    embedded by_interchange;
    embedded by_strip;
    std::uint64_t compression = 0;
    for (std::uint64_t i = 0; i < entries; ++i) {
      const auto entry = std::string_view{bytes}.substr(
        std::min<std::size_t>(bytes.size(), 2 + i * entry_bytes), entry_bytes);
      const auto value = number(entry, 8, number(entry, 2, 2) == 3 ? 2 : 4);
      const auto count = number(entry, 4, 4);
      switch (number(entry, 0, 2)) {
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
    }
    found.push_back(by_interchange);
    if (compression == 6 || compression == 7) // JPEG, in both of its TIFF spellings
      found.push_back(by_strip);
    add(number(bytes, 2 + entries * entry_bytes, 4));
  }

  void add_many(std::uint64_t value, std::uint64_t count) {
    constexpr std::uint64_t max_children = 16;
    if (count == 1)
      return add(value);
    const auto list = file_.read(value, std::min(count, max_children) * 4);
    for (std::size_t i = 0; i + 4 <= list.size(); i += 4)
      add(number(list, i, 4));
  }

  const file_bytes& file_;
  bool is_big_;
  std::vector<std::uint64_t> directories_;
};

// Not the sensor's own values, which several makers hold in lossless JPEG (SOF3).
bool is_ordinary_jpeg(const file_bytes& file, const embedded& e) {
  const auto bytes = file.read(e.offset, file_bytes::max_piece);
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

// Fujifilm says where it is at a fixed place; Canon's CR3 holds it in a box named PRVW.
std::vector<embedded> by_other_means(const file_bytes& file, std::string_view media_type) {
  const auto head = file.head();
  if (media_type == "image/x-fuji-raf")
    return {{big_endian(head, 84, 4), big_endian(head, 88, 4)}};
  if (media_type != "image/x-canon-cr3")
    return {};
  constexpr std::size_t before_jpeg = 20; // the box's name and its own header
  const auto box = head.find("PRVW"sv);
  if (box == std::string_view::npos)
    return {};
  return {{box + before_jpeg, big_endian(head, box + before_jpeg - 4, 4)}};
}

} // namespace

result<stored_image> read_raw_preview(const std::filesystem::path& file,
                                      std::string_view media_type, wanted_size wanted,
                                      const limits& max) {
  const auto bytes = file_bytes::open(file);
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
