#include "media/document/office/lock.hpp"

#include "media/bytes/compound_file.hpp"

#include <zip.h>

#include <memory>
#include <string>

namespace mediad::media::office {
namespace {

constexpr zip_uint64_t max_manifest_bytes = 1U << 20U;

struct discard_zip {
  void operator()(zip_t* archive) const noexcept {
    zip_discard(archive);
  }
};

struct close_entry {
  void operator()(zip_file_t* entry) const noexcept {
    zip_fclose(entry);
  }
};

bool is_locked_opendocument(const opened_file& file) {
  const std::unique_ptr<zip_t, discard_zip> archive{
    zip_open(file.name().c_str(), ZIP_RDONLY, nullptr)};
  if (archive == nullptr)
    return false;
  const std::unique_ptr<zip_file_t, close_entry> entry{
    zip_fopen(archive.get(), "META-INF/manifest.xml", 0)};
  if (entry == nullptr)
    return false;
  // What the entry claims as its size may be a lie: read so much and no more.
  std::string manifest(max_manifest_bytes, '\0');
  const auto got = zip_fread(entry.get(), manifest.data(), manifest.size());
  manifest.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return manifest.find("encryption-data") != std::string::npos;
}

// [MS-DOC] 2.5.2: FibBase.fEncrypted is bit 8 of the flags at offset 10.
bool is_locked_word(std::string_view stream) {
  constexpr std::size_t flags_high_byte = 11;
  return stream.size() > flags_high_byte
         && (static_cast<unsigned char>(stream[flags_high_byte]) & 1U) != 0;
}

// [MS-XLS] 2.1.7.20.1: a FilePass record (0x002F), if there is one, follows BOF, or BOF and
// WriteProtect (0x0086).
bool is_locked_excel(std::string_view stream) {
  const auto word = [&](std::size_t at) {
    return static_cast<unsigned char>(stream[at])
           | static_cast<unsigned>(static_cast<unsigned char>(stream[at + 1])) << 8U;
  };
  std::size_t at = 0;
  for (int record = 0; record < 3 && at + 4 <= stream.size(); ++record) {
    if (word(at) == 0x002F)
      return true;
    at += 4 + word(at + 2);
  }
  return false;
}

} // namespace

bool is_locked_file(const opened_file& file) {
  const auto bytes = file_bytes::of(file);
  if (!bytes)
    return is_locked_opendocument(file);
  const auto ole = compound_file::open(*bytes);
  if (!ole)
    return is_locked_opendocument(file);
  // [MS-PPT] 2.1.3: an encrypted presentation keeps its summary in a stream of this name.
  return ole->has("EncryptedPackage") || ole->has("EncryptedSummary")
         || is_locked_word(ole->first_sector("WordDocument"))
         || is_locked_excel(ole->first_sector("Workbook"));
}

} // namespace mediad::media::office
