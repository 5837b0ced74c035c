#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mediad::media {

/// A decoded picture: 8 bits a channel, sRGB, rows from top to bottom without padding. Four
/// channels are RGBA with alpha that is not premultiplied.
struct picture {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint32_t channels = 3; ///< 3 or 4.
  std::vector<std::uint8_t> pixels;

  picture() = default;
  /// All bytes are 0: black, and transparent if there is alpha.
  picture(std::uint32_t w, std::uint32_t h, std::uint32_t c)
    : width{w}, height{h}, channels{c}, pixels(std::size_t{w} * h * c) {}

  /// Bytes from one row to the next.
  std::size_t stride() const {
    return std::size_t{width} * channels;
  }
  std::uint8_t* row(std::uint32_t y) {
    return pixels.data() + y * stride();
  }
  const std::uint8_t* row(std::uint32_t y) const {
    return pixels.data() + y * stride();
  }
  bool has_alpha() const {
    return channels == 4;
  }
};

/// Width and height in pixels.
struct extent {
  std::uint32_t width = 0;
  std::uint32_t height = 0;

  bool operator==(const extent&) const = default;
};

} // namespace mediad::media
