#include "media/identify/sniffers.hpp"

#include <zip.h>

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <memory>
#include <unistd.h>

namespace mediad::media {
namespace {

using namespace std::string_view_literals;

struct discard_archive {
  void operator()(zip_t* archive) const noexcept {
    zip_discard(archive);
  }
};
using archive_handle = std::unique_ptr<zip_t, discard_archive>;

struct close_entry {
  void operator()(zip_file_t* entry) const noexcept {
    zip_fclose(entry); // only read from
  }
};

struct known_type {
  std::string_view mark;
  std::string_view media_type;
};

// What a part of [Content_Types].xml says about the main part (ECMA-376, part 1). Files with macros
// and templates are shown like the plain ones.
constexpr std::array office_parts{
  known_type{"wordprocessingml.document.main+xml",
             "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
  known_type{"wordprocessingml.template.main+xml",
             "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
  known_type{"ms-word.document.macroEnabled.main+xml",
             "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
  known_type{"spreadsheetml.sheet.main+xml",
             "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
  known_type{"spreadsheetml.template.main+xml",
             "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
  known_type{"ms-excel.sheet.macroEnabled.main+xml",
             "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
  known_type{"presentationml.presentation.main+xml",
             "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
  known_type{"presentationml.slideshow.main+xml",
             "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
  known_type{"presentationml.template.main+xml",
             "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
  known_type{"ms-powerpoint.presentation.macroEnabled.main+xml",
             "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
};

constexpr std::array open_document_types{"application/vnd.oasis.opendocument.text"sv,
                                         "application/vnd.oasis.opendocument.spreadsheet"sv,
                                         "application/vnd.oasis.opendocument.presentation"sv};

// libzip allocates as much as the directory at the end claims: only a modest claim is believed. The
// record is described in APPNOTE.TXT 4.3.16.
bool has_modest_directory(const file_bytes& file) {
  constexpr std::uint64_t max_entries = 20'000;
  constexpr std::uint64_t max_directory_bytes = 4U << 20U;
  constexpr std::size_t record_bytes = 22;
  const auto tail_bytes = std::min<std::uint64_t>(file.size(), file_bytes::max_piece);
  const auto tail = file.read(file.size() - tail_bytes, file_bytes::max_piece);
  const auto at = tail.rfind("PK\5\6");
  if (at == std::string::npos || at + record_bytes > tail.size())
    return false;
  return little_endian(tail, at + 10, 2) <= max_entries
         && little_endian(tail, at + 12, 4) <= max_directory_bytes;
}

archive_handle open_archive(const file_bytes& file) {
  // The file cannot be opened by its name if its job followed another one.
  auto own = file.file().duplicate();
  archive_handle opened{own ? zip_fdopen(own->get(), 0, nullptr) : nullptr};
  if (opened)
    own->release(); // libzip closes it
  return opened;
}

// Reads at most @p max_bytes of one entry, whatever size it claims to have.
std::string read_entry(zip_t* archive, const char* name, std::size_t max_bytes) {
  const std::unique_ptr<zip_file_t, close_entry> entry{zip_fopen(archive, name, 0)};
  std::string text;
  std::array<char, 16384> block{};
  while (entry && text.size() < max_bytes) {
    const auto n = zip_fread(entry.get(), block.data(), block.size());
    if (n <= 0)
      break;
    text.append(block.data(), static_cast<std::size_t>(n));
  }
  return text;
}

} // namespace

std::optional<identity> sniff_zip(const file_bytes& file) {
  const auto head = file.head();
  if (!head.starts_with("PK\3\4") && !head.starts_with("PK\5\6"))
    return std::nullopt;
  const identity plain{profile::other, "application/zip"};
  const auto archive = has_modest_directory(file) ? open_archive(file) : nullptr;
  if (!archive)
    return plain;
  constexpr std::size_t max_mime_type = 256;
  const auto mime_type = read_entry(archive.get(), "mimetype", max_mime_type);
  for (const auto known : open_document_types)
    if (mime_type == known)
      return identity{profile::document, mime_type};
  if (mime_type == "application/epub+zip")
    return identity{profile::other, mime_type};
  constexpr std::size_t max_content_types = 1U << 20U;
  const auto parts = read_entry(archive.get(), "[Content_Types].xml", max_content_types);
  for (const auto& known : office_parts)
    if (parts.find(known.mark) != std::string::npos)
      return identity{profile::document, std::string{known.media_type}};
  return plain;
}

} // namespace mediad::media
