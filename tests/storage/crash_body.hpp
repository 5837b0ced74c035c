#pragma once

#include <string>

namespace mediad::tests {

/// The bytes of upload @p number; every third is the same, so that blobs are shared.
inline std::string crash_body(unsigned number) {
  return number % 3 == 0 ? "the same for all" : "body " + std::to_string(number);
}

} // namespace mediad::tests
