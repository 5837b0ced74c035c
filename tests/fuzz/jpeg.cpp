// A damaged JPEG's averages: nothing or some, in bounds. Exactly as many bytes as there are can be
// read.

#include "media/image/readers/jpeg_averages.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  using namespace mediad::media;
  constexpr std::uint64_t max_pixels = 1U << 22U;
  jpeg_decoder codec;
  if (!read_header(codec, {bytes, size})
      || std::uint64_t{codec.image_width} * codec.image_height > max_pixels)
    return 0;
  if (has_quick_averages(codec))
    static_cast<void>(read_averages(codec));
  return 0;
}
