#pragma once

#include <zip.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace mediad::tests {

/// Names and contents, in order.
using zip_parts = std::vector<std::pair<std::string, std::string>>;

/// Makes @p file, or makes it anew, as a ZIP of these parts.
inline std::filesystem::path write_zip(const std::filesystem::path& file, const zip_parts& parts) {
  auto* archive = zip_open(file.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
  for (const auto& [name, bytes] : parts)
    zip_file_add(archive, name.c_str(), zip_source_buffer(archive, bytes.data(), bytes.size(), 0),
                 ZIP_FL_ENC_UTF_8);
  if (zip_close(archive) != 0)
    throw std::runtime_error{"zip_close"};
  return file;
}

} // namespace mediad::tests
