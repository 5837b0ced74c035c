#include "media/encode/warm_up.hpp"

#include "media/encode/encode.hpp"
#include "media/encode/preview.hpp"
#include "media/picture/thumbhash.hpp"

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <malloc.h>

namespace mediad::media {
namespace {

constexpr int max_kept_block = 32 << 20;
constexpr int max_kept = 64 << 20;
constexpr int quality = 75;
constexpr std::uint32_t side = 256;

} // namespace

void keep_memory(std::size_t bytes) {
  ::mallopt(M_MMAP_THRESHOLD, max_kept_block);
  ::mallopt(M_TRIM_THRESHOLD, max_kept);
  void* block = std::malloc(bytes);
  if (block == nullptr)
    return;
  std::memset(block, 1, bytes);
  // The compiler may leave out a write that is never read; this says that it might be read.
  asm volatile("" : : "r"(block) : "memory");
  std::free(block);
}

picture detailed_picture() {
  picture made{side, side, 3};
  std::uint32_t noise = 1;
  for (auto& value : made.pixels) {
    noise = noise * 1'664'525U + 1'013'904'223U; // Numerical Recipes' generator: any will do
    value = static_cast<std::uint8_t>(noise >> 24U);
  }
  return made;
}

void warm_up_encoding(const picture& shown) {
  static_cast<void>(encode_webp(shown, quality, preview_webp_method));
  static_cast<void>(thumbhash_base64(shown));
}

} // namespace mediad::media
