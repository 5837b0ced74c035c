#include "media/bytes/zip_package.hpp"

#include <zip.h>

#include <algorithm>
#include <array>

namespace mediad::media {
namespace {

enum class directory { none, modest, large };

// libzip allocates as much as the directory at the end claims: only a modest claim is believed. The
// record is described in APPNOTE.TXT 4.3.16; a comment of at most 65,535 bytes may follow it.
directory directory_of(const file_bytes& file) {
  constexpr std::uint64_t max_entries = 20'000;
  constexpr std::uint64_t max_directory_bytes = 4U << 20U;
  constexpr std::size_t record_bytes = 22;
  constexpr std::uint64_t max_comment_bytes = 65'535;
  const auto tail_bytes = std::min<std::uint64_t>(file.size(), record_bytes + max_comment_bytes);
  const auto tail_at = file.size() - tail_bytes;
  auto tail = file.read(tail_at, file_bytes::max_piece);
  if (tail.size() == file_bytes::max_piece)
    tail += file.read(tail_at + tail.size(), file_bytes::max_piece);
  const auto at = tail.rfind("PK\5\6");
  if (at == std::string::npos || at + record_bytes > tail.size())
    return directory::none;
  const bool is_modest = little_endian(tail, at + 10, 2) <= max_entries
                         && little_endian(tail, at + 12, 4) <= max_directory_bytes;
  return is_modest ? directory::modest : directory::large;
}

} // namespace

void zip_part::close::operator()(zip_file* part) const noexcept {
  zip_fclose(part); // only read from
}

std::int64_t zip_part::read(std::span<char> into) {
  return zip_fread(part_.get(), into.data(), into.size());
}

// What is only read is given up without being written.
void zip_package::discard::operator()(zip* archive) const noexcept {
  zip_discard(archive);
}

std::optional<zip_package> zip_package::open(const file_bytes& file) {
  if (directory_of(file) != directory::modest)
    return std::nullopt;
  // The file cannot be opened by its name if its job followed another one.
  auto own = file.file().duplicate();
  auto* opened = own ? zip_fdopen(own->get(), 0, nullptr) : nullptr;
  if (opened == nullptr)
    return std::nullopt;
  own->release(); // libzip closes it
  return zip_package{opened};
}

std::optional<zip_package> zip_package::open(const opened_file& file) {
  const auto bytes = file_bytes::of(file);
  return bytes ? open(*bytes) : std::nullopt;
}

bool zip_package::has_large_directory(const file_bytes& file) {
  return directory_of(file) == directory::large;
}

bool zip_package::has(const std::string& name) const {
  return zip_name_locate(archive_.get(), name.c_str(), 0) >= 0;
}

std::vector<std::string> zip_package::names() const {
  std::vector<std::string> all;
  for (std::uint64_t i = 0; i < size(); ++i)
    if (const auto name = name_of(i))
      all.emplace_back(*name);
  return all;
}

std::uint64_t zip_package::size() const {
  return static_cast<std::uint64_t>(zip_get_num_entries(archive_.get(), 0));
}

std::optional<std::string_view> zip_package::name_of(std::uint64_t index) const {
  const char* name = zip_get_name(archive_.get(), index, ZIP_FL_ENC_RAW);
  return name != nullptr ? std::optional<std::string_view>{name} : std::nullopt;
}

std::optional<zip_part> zip_package::part(std::uint64_t index) const {
  auto* part = zip_fopen_index(archive_.get(), index, 0);
  return part != nullptr ? std::optional{zip_part{part}} : std::nullopt;
}

std::optional<zip_part> zip_package::part(const std::string& name, case_of_names written) const {
  const zip_flags_t flags = written == case_of_names::any ? ZIP_FL_NOCASE : 0;
  auto* part = zip_fopen(archive_.get(), name.c_str(), flags);
  return part != nullptr ? std::optional{zip_part{part}} : std::nullopt;
}

std::string zip_package::read(const std::string& name, std::size_t max_bytes) const {
  auto from = part(name);
  std::string bytes;
  std::array<char, 16384> block{};
  while (from && bytes.size() < max_bytes) {
    const auto wanted = std::min(block.size(), max_bytes - bytes.size());
    const auto got = from->read(std::span{block}.first(wanted));
    if (got <= 0)
      break;
    bytes.append(block.data(), static_cast<std::size_t>(got));
  }
  return bytes;
}

bool zip_package::is_encrypted() const {
  for (std::uint64_t i = 0; i < size(); ++i) {
    zip_stat_t about{};
    if (zip_stat_index(archive_.get(), i, 0, &about) == 0
        && (about.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0
        && about.encryption_method != ZIP_EM_NONE)
      return true;
  }
  return false;
}

} // namespace mediad::media
