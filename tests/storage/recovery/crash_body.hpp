#pragma once

#include <cstdint>
#include <string>

namespace mediad::tests {

/// The bytes of upload @p number; every third is the same, so that blobs are shared.
inline std::string crash_body(unsigned number) {
  return number % 3 == 0 ? "the same for all" : "body " + std::to_string(number);
}

inline constexpr std::uint64_t upload_bytes = 4'000;

/// The bytes of the resumable upload @p id.
inline std::string upload_body(const std::string& id) {
  std::string body;
  while (body.size() < upload_bytes)
    body += id;
  body.resize(upload_bytes);
  return body;
}

} // namespace mediad::tests
