#include "media/image/readers/jpeg_growing_source.hpp"

#include <algorithm>

namespace mediad::media {

growing_jpeg_source::growing_jpeg_source(growing_input& input) : jpeg_source_mgr{}, input_{input} {
  init_source = [](j_decompress_ptr) {
  };
  fill_input_buffer = [](j_decompress_ptr codec) -> boolean {
    static_cast<growing_jpeg_source*>(codec->src)->fill(codec);
    return TRUE;
  };
  skip_input_data = [](j_decompress_ptr codec, long count) {
    static_cast<growing_jpeg_source*>(codec->src)->skip(codec, count);
  };
  resync_to_restart = jpeg_resync_to_restart;
  term_source = [](j_decompress_ptr) {
  };
}

// A file that ends too early ends as it does for jpeg_stdio_src: with a warning and a marker.
void growing_jpeg_source::fill(j_decompress_ptr codec) {
  const auto n = input_.read(reinterpret_cast<char*>(buffer_.data()), buffer_.size());
  next_input_byte = buffer_.data();
  bytes_in_buffer = n > 0 ? static_cast<std::size_t>(n) : 2;
  if (n > 0)
    return;
  WARNMS(codec, JWRN_JPEG_EOF);
  buffer_[0] = 0xFF;
  buffer_[1] = JPEG_EOI;
}

void growing_jpeg_source::skip(j_decompress_ptr codec, long count) {
  auto left = static_cast<std::size_t>(std::max(count, 0L));
  while (left > bytes_in_buffer) {
    left -= bytes_in_buffer;
    fill(codec);
  }
  next_input_byte += left;
  bytes_in_buffer -= left;
}

} // namespace mediad::media
