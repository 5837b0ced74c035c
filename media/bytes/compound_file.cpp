#include "media/bytes/compound_file.hpp"

#include <algorithm>
#include <fcntl.h>
#include <unistd.h>

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
constexpr std::uint32_t last_sector = 0xFFFFFFFA; ///< Above are marks, not sectors.
constexpr std::uint32_t mini_stream_cutoff = 4096;

// A directory of more is nobody's letter; a chain that runs in a circle ends here too.
constexpr int max_directory_sectors = 512;

std::uint32_t number(std::string_view bytes, std::size_t at, std::size_t length) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < length && at + i < bytes.size(); ++i)
    value |= std::uint32_t{static_cast<unsigned char>(bytes[at + i])} << (8 * i);
  return value;
}

std::string read_at(int fd, std::uint64_t offset, std::size_t length) {
  std::string bytes(length, '\0');
  const auto got = ::pread(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
  bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return bytes;
}

std::string name_in(std::string_view entry) {
  std::string name;
  const auto length = std::min<std::size_t>(number(entry, name_length_at, 2), name_length_at);
  for (std::size_t i = 0; i + 2 < length; i += 2) { // the last two bytes are its end
    const auto unit = number(entry, i, 2);
    name += unit < 0x80 ? static_cast<char>(unit) : '?';
  }
  return name;
}

} // namespace

result<ole_file> ole_file::open(const std::filesystem::path& file) {
  auto opened = open_file(file, O_RDONLY);
  if (!opened)
    return fail(opened.error());
  ole_file made{std::move(*opened)};
  const auto header = read_at(made.fd_.get(), 0, header_bytes);
  if (header.size() < header_bytes || header.substr(0, magic.size()) != magic)
    return fail(errc::corrupt_media, "not an OLE file");
  if (auto read = made.read_directory(header); !read)
    return fail(read.error());
  return made;
}

result<> ole_file::read_directory(std::string_view header) {
  const auto shift = number(header, sector_shift_at, 2);
  if (shift != 9 && shift != 12)
    return fail(errc::corrupt_media, "an OLE file with sectors of no known size");
  sector_bytes_ = std::size_t{1} << shift;
  const auto per_fat_sector = static_cast<std::uint32_t>(sector_bytes_ / 4);
  auto sector = number(header, first_directory_at, 4);
  for (int i = 0; i < max_directory_sectors && sector < last_sector; ++i) {
    const auto bytes = read_sector(sector);
    for (std::size_t at = 0; at + entry_bytes <= bytes.size(); at += entry_bytes) {
      const auto one = std::string_view{bytes}.substr(at, entry_bytes);
      entries_.push_back(
        {name_in(one), number(one, first_sector_at, 4), number(one, stream_bytes_at, 4)});
    }
    // Only the part of the allocation table that the header lists: 7 MB of file at least.
    const auto table = sector / per_fat_sector;
    if (table >= fat_sectors_in_header)
      break;
    const auto fat = read_sector(number(header, fat_sectors_at + std::size_t{table} * 4, 4));
    if (fat.size() < sector_bytes_)
      break;
    sector = number(fat, std::size_t{sector % per_fat_sector} * 4, 4);
  }
  return {};
}

std::string ole_file::read_sector(std::uint32_t sector) const {
  return read_at(fd_.get(), (std::uint64_t{sector} + 1) * sector_bytes_, sector_bytes_);
}

bool ole_file::has(std::string_view name) const {
  return std::any_of(entries_.begin(), entries_.end(),
                     [&](const auto& one) { return one.name == name; });
}

std::string ole_file::first_sector(std::string_view name) const {
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const auto& one) { return one.name == name; });
  if (found == entries_.end() || found->bytes < mini_stream_cutoff)
    return {};
  return read_sector(found->sector);
}

} // namespace mediad::media
