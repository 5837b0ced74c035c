// Any bytes as a picture of one of the formats whose readers are our own: a picture within the
// limits, or an error.

#include "media/image/deep/drop_shadow.hpp"
#include "media/image/readers/apng.hpp"
#include "media/image/readers/readers.hpp"
#include "tests/fuzz/memory_file.hpp"

#include <string_view>

namespace {

using namespace mediad;
using namespace mediad::media;

void check(const result<stored_image>& seen, const limits& max) {
  if (!seen)
    return;
  const auto& p = seen->pixels;
  if (std::uint64_t{seen->full.width} * seen->full.height > max.max_pixels
      || p.pixels.size() != std::size_t{p.width} * p.height * p.channels)
    std::abort();
}

void check_animation(const opened_file& file, const limits& max) {
  const auto moving = open_apng(file, max);
  if (!moving || !*moving)
    return;
  constexpr int most = 8;
  for (int i = 0; i < most; ++i)
    if (const auto frame = (*moving)->next(); !frame || !*frame)
      break;
}

} // namespace

// The first byte chooses the reader.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  if (size == 0)
    return 0;
  limits few;
  few.max_pixels = 1U << 19U; // the seeds have 800 x 600
  few.max_frames = 16;
  const auto file = memory_file(bytes + 1, size - 1);
  const wanted_size wanted{(bytes[0] & 0x80U) != 0 ? 16U : 0U, 0};
  switch (bytes[0] & 7U) {
  case 0: check(read_bmp(file, wanted, few), few); break;
  case 1: check(read_icon(file, few), few); break;
  case 2: check(read_tga(file, few), few); break;
  case 3: check(read_pnm(file, wanted, few), few); break;
  case 4: check(read_qoi(file, wanted, few), few); break;
  case 5: check(read_psd(file, wanted, few), few); break;
  case 6: check_animation(file, few); break;
  default: {
    const std::string_view text{reinterpret_cast<const char*>(bytes) + 1, size - 1};
    if (spell_out_drop_shadows(text).size() < text.size() / 16)
      std::abort();
  }
  }
  return 0;
}
