// Any bytes as a camera's raw file: a preview within the limits, or an error.

#include "media/image/readers/readers.hpp"
#include "tests/fuzz/memory_file.hpp"

#include <array>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  using namespace mediad::media;
  limits few;
  few.max_pixels = 1U << 20U;
  const auto file = memory_file(bytes, size);
  for (const auto* type : {"image/x-adobe-dng", "image/x-fuji-raf", "image/x-canon-cr3"}) {
    const auto seen = read_raw_preview(file, type, {}, few);
    if (seen && std::uint64_t{seen->full.width} * seen->full.height > few.max_pixels)
      std::abort();
  }
  return 0;
}
