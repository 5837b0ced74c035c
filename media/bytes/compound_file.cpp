#include "media/bytes/compound_file.hpp"

#include <algorithm>

namespace mediad::media {
namespace {

constexpr std::string_view magic{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8};

// [MS-CFB] 2.2 the header, 2.6.1 a directory entry: offsets of their fields.
constexpr std::size_t header_bytes = 512;
constexpr std::size_t sector_shift_at = 30;
constexpr std::size_t first_directory_at = 48;
constexpr std::size_t fat_sectors_at = 76;
constexpr std::size_t fat_sectors_in_header = 109;
constexpr std::size_t entry_bytes = 128;
constexpr std::size_t name_length_at = 64;
constexpr std::size_t first_sector_at = 116;
constexpr std::size_t stream_bytes_at = 120;
constexpr std::uint32_t first_mark = 0xFFFFFFFA; ///< Numbers from here on are marks, not sectors.
constexpr std::uint64_t mini_stream_cutoff = 4096;

// No office program writes a longer directory; a chain that runs in a circle ends here, too.
constexpr int max_directory_sectors = 512;

std::string name_in(std::string_view entry) {
  std::string name;
  const auto length =
    std::min<std::uint64_t>(little_endian(entry, name_length_at, 2), name_length_at);
  for (std::size_t i = 0; i + 2 < length; i += 2) { // the last two bytes are its end
    const auto unit = little_endian(entry, i, 2);
    name += unit < 0x80 ? static_cast<char>(unit) : '?';
  }
  return name;
}

// [MS-CFB] 2.6.4: names are told apart without regard to case.
bool is_same_name(std::string_view one, std::string_view other) {
  const auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                    [&](char a, char b) { return lower(a) == lower(b); });
}

} // namespace

result<compound_file> compound_file::open(const file_bytes& file) {
  if (file.head().size() < header_bytes || !file.head().starts_with(magic))
    return fail(errc::corrupt_media, "not a compound file");
  compound_file made{file};
  if (auto read = made.read_directory(); !read)
    return fail(read.error());
  return made;
}

result<> compound_file::read_directory() {
  const auto header = file_->head().substr(0, header_bytes);
  const auto shift = little_endian(header, sector_shift_at, 2);
  if (shift != 9 && shift != 12)
    return fail(errc::corrupt_media, "a compound file with sectors of no known size");
  sector_bytes_ = std::size_t{1} << shift;
  const auto per_fat_sector = sector_bytes_ / 4;
  auto sector = little_endian(header, first_directory_at, 4);
  for (int i = 0; i < max_directory_sectors && sector < first_mark; ++i) {
    const auto bytes = read_sector(sector);
    for (std::size_t at = 0; at + entry_bytes <= bytes.size(); at += entry_bytes) {
      const auto one = std::string_view{bytes}.substr(at, entry_bytes);
      entries_.push_back({name_in(one), little_endian(one, first_sector_at, 4),
                          little_endian(one, stream_bytes_at, 4)});
    }
    // Only the part of the allocation table that the header lists: 7 MB of file at least.
    const auto table = static_cast<std::size_t>(sector / per_fat_sector);
    if (table >= fat_sectors_in_header)
      break;
    const auto fat = read_sector(little_endian(header, fat_sectors_at + table * 4, 4));
    if (fat.size() < sector_bytes_)
      break;
    sector = little_endian(fat, static_cast<std::size_t>(sector % per_fat_sector) * 4, 4);
  }
  return {};
}

std::string compound_file::read_sector(std::uint64_t sector) const {
  return file_->read((sector + 1) * sector_bytes_, sector_bytes_);
}

bool compound_file::has(std::string_view name) const {
  return std::any_of(entries_.begin(), entries_.end(),
                     [&](const auto& one) { return is_same_name(one.name, name); });
}

std::string_view compound_file::first_of(std::initializer_list<std::string_view> names) const {
  for (const auto& one : entries_)
    if (const auto found =
          std::find_if(names.begin(), names.end(),
                       [&](std::string_view name) { return is_same_name(one.name, name); });
        found != names.end())
      return *found;
  return {};
}

std::string compound_file::first_sector(std::string_view name) const {
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const auto& one) { return is_same_name(one.name, name); });
  if (found == entries_.end() || found->bytes < mini_stream_cutoff)
    return {};
  return read_sector(found->sector);
}

} // namespace mediad::media
