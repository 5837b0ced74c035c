#include "media/bytes/zip_package.hpp"

#include "media/bytes/zip_handles.hpp"

#include <algorithm>
#include <array>

namespace mediad::media {
namespace {

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

} // namespace

void zip_package::discard::operator()(zip* archive) const noexcept {
  discard_zip{}(archive);
}

std::optional<zip_package> zip_package::open(const file_bytes& file) {
  if (!has_modest_directory(file))
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

bool zip_package::has(const std::string& name) const {
  return zip_name_locate(archive_.get(), name.c_str(), 0) >= 0;
}

std::vector<std::string> zip_package::names() const {
  std::vector<std::string> all;
  const auto count = zip_get_num_entries(archive_.get(), 0);
  for (zip_int64_t i = 0; i < count; ++i)
    if (const char* name =
          zip_get_name(archive_.get(), static_cast<zip_uint64_t>(i), ZIP_FL_ENC_RAW);
        name != nullptr)
      all.emplace_back(name);
  return all;
}

std::string zip_package::read(const std::string& name, std::size_t max_bytes) const {
  const zip_part_ptr part{zip_fopen(archive_.get(), name.c_str(), 0)};
  std::string bytes;
  std::array<char, 16384> block{};
  while (part && bytes.size() < max_bytes) {
    const auto wanted = std::min(block.size(), max_bytes - bytes.size());
    const auto got = zip_fread(part.get(), block.data(), wanted);
    if (got <= 0)
      break;
    bytes.append(block.data(), static_cast<std::size_t>(got));
  }
  return bytes;
}

bool zip_package::is_encrypted() const {
  const auto count = zip_get_num_entries(archive_.get(), 0);
  for (zip_int64_t i = 0; i < count; ++i) {
    zip_stat_t about{};
    if (zip_stat_index(archive_.get(), static_cast<zip_uint64_t>(i), 0, &about) == 0
        && (about.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0
        && about.encryption_method != ZIP_EM_NONE)
      return true;
  }
  return false;
}

} // namespace mediad::media
