#include "media/document/office/lock.hpp"

#include "media/bytes/compound_file.hpp"
#include "media/bytes/zip_package.hpp"

#include <string>

namespace mediad::media::office {
namespace {

constexpr std::size_t max_manifest_bytes = 1U << 20U;

bool is_locked_package(const opened_file& file) {
  const auto package = zip_package::open(file);
  if (!package)
    return false;
  // Apple's programs keep a check of the password, or a hint for it, beside the encrypted parts.
  if (package->has(".iwpv2") || package->has(".iwph"))
    return true;
  return package->read("META-INF/manifest.xml", max_manifest_bytes).find("encryption-data")
         != std::string::npos;
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
    return is_locked_package(file);
  const auto ole = compound_file::open(*bytes);
  if (!ole)
    return is_locked_package(file);
  // [MS-PPT] 2.1.3: an encrypted presentation keeps its summary in a stream of this name.
  return ole->has("EncryptedPackage") || ole->has("EncryptedSummary")
         || is_locked_word(ole->first_sector("WordDocument"))
         || is_locked_excel(ole->first_sector("Workbook"));
}

} // namespace mediad::media::office
