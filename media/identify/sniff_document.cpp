#include "media/identify/sniffers.hpp"

#include <algorithm>
#include <array>

namespace mediad::media {
namespace {

using namespace std::string_view_literals;

identity document(std::string_view media_type) {
  return {profile::document, std::string{media_type}};
}

// Readers accept a PDF that begins within the first 1,024 bytes. Text about PDF begins like that
// too, so what begins late must also end like one.
bool is_pdf(const file_bytes& file) {
  const auto at = file.head().substr(0, 1024).find("%PDF-");
  if (at == std::string_view::npos)
    return false;
  if (file.head().substr(0, at).find_first_not_of("\xEF\xBB\xBF \t\r\n"sv)
      == std::string_view::npos)
    return true;
  constexpr std::size_t tail_bytes = 2048;
  const auto tail =
    file.read(file.size() - std::min<std::uint64_t>(file.size(), tail_bytes), tail_bytes);
  return tail.find("%%EOF") != std::string::npos;
}

struct stream_name {
  std::u16string_view name;
  std::string_view media_type;
};

// Office files with a password ([MS-OFFCRYPTO] 2.3.4.4) do not say which of the three they are; any
// of them lets the document worker answer that there is a password.
constexpr std::array streams{
  stream_name{u"WordDocument", "application/msword"},
  stream_name{u"Workbook", "application/vnd.ms-excel"},
  stream_name{u"Book", "application/vnd.ms-excel"},
  stream_name{u"PowerPoint Document", "application/vnd.ms-powerpoint"},
  stream_name{u"EncryptedPackage",
              "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
};

// The name of one directory entry ([MS-CFB] 2.6.1): UTF-16 with its length in bytes, a 0 included.
std::u16string entry_name(std::string_view entry) {
  constexpr std::size_t length_at = 64;
  const auto length = little_endian(entry, length_at, 2);
  std::u16string name;
  for (std::size_t at = 0; at + 2 < std::min<std::uint64_t>(length, length_at); at += 2)
    name += static_cast<char16_t>(little_endian(entry, at, 2));
  return name;
}

// A compound file ([MS-CFB]) says what it is by the names of its streams: follows the directory's
// chain of sectors, a bounded way.
std::optional<std::string_view> office_type(const file_bytes& file) {
  constexpr std::size_t max_sectors = 256;
  constexpr std::size_t entry_bytes = 128;
  constexpr std::size_t fat_sectors_in_header = 109;
  const auto head = file.head();
  const auto shift = little_endian(head, 30, 2);
  if (shift != 9 && shift != 12)
    return std::nullopt;
  const std::uint64_t sector_bytes = std::uint64_t{1} << shift;
  const auto offset_of = [&](std::uint64_t sector) {
    return (sector + 1) * sector_bytes;
  };
  auto sector = little_endian(head, 48, 4);
  for (std::size_t steps = 0; steps < max_sectors && offset_of(sector) < file.size(); ++steps) {
    const auto bytes = file.read(offset_of(sector), static_cast<std::size_t>(sector_bytes));
    for (std::size_t at = 0; at + entry_bytes <= bytes.size(); at += entry_bytes) {
      const auto name = entry_name(std::string_view{bytes}.substr(at, entry_bytes));
      for (const auto& known : streams)
        if (known.name == name)
          return known.media_type;
    }
    const auto table = sector / (sector_bytes / 4);
    if (table >= fat_sectors_in_header)
      break;
    const auto table_sector = little_endian(head, 76 + static_cast<std::size_t>(table) * 4, 4);
    sector =
      little_endian(file.read(offset_of(table_sector) + sector % (sector_bytes / 4) * 4, 4), 0, 4);
  }
  return std::nullopt;
}

} // namespace

std::optional<identity> sniff_document(const file_bytes& file) {
  const auto head = file.head();
  if (is_pdf(file))
    return document("application/pdf");
  if (head.starts_with("{\\rtf"))
    return document("application/rtf");
  if (head.starts_with("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")) {
    const auto type = office_type(file);
    return type ? document(*type) : identity{profile::other, "application/x-ole-storage"};
  }
  return sniff_zip(file);
}

} // namespace mediad::media
