#pragma once

#include "media/bytes/growing_input.hpp"
#include "media/image/readers/jpeg_decoder.hpp"

#include <array>
#include <cstddef>

namespace mediad::media {

/// Gives libjpeg as many bytes of a file as have arrived, even if they are few: the end of a
/// picture is decoded when it arrives, and not when a buffer is full.
class growing_jpeg_source : public jpeg_source_mgr {
public:
  /// @param input  outlives it.
  explicit growing_jpeg_source(growing_input& input);

private:
  void fill(j_decompress_ptr codec);
  void skip(j_decompress_ptr codec, long count);

  growing_input& input_;
  std::array<JOCTET, std::size_t{64} * 1024> buffer_{};
};

} // namespace mediad::media
