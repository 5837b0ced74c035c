#include "media/bytes/file_bytes.hpp"
#include "media/image/readers/dib.hpp"
#include "media/image/readers/rows.hpp"

namespace mediad::media {
namespace {

/// Draws runs of pixels from the bottom row up ([MS-WMF], 3.1.6).
class run_canvas {
public:
  run_canvas(const dib_header& header, picture& to) : header_{header}, to_{to} {}

  bool is_full() const {
    return y_ >= header_.size.height;
  }
  void next_row() {
    x_ = 0;
    ++y_;
  }
  void move(std::uint32_t right, std::uint32_t up) {
    x_ += right;
    y_ += up;
  }
  void draw(const std::array<std::uint8_t, 3>& color) {
    if (x_ < header_.size.width && y_ < header_.size.height) {
      auto* at =
        to_.row(header_.is_top_down ? y_ : header_.size.height - 1 - y_) + std::size_t{x_} * 4;
      std::copy_n(color.begin(), 3, at);
      at[3] = 255;
    }
    ++x_;
  }

private:
  const dib_header& header_;
  picture& to_;
  std::uint32_t x_ = 0, y_ = 0;
};

/// The colours that a run is made of.
class run_colors {
public:
  explicit run_colors(const dib_header& header) : header_{header} {}

  /// Bytes of @p pixels that are not repeated, without what fills them up to an even number.
  std::size_t bytes_of(std::size_t pixels) const {
    switch (header_.packing) {
    case dib_packing::rle4: return (pixels + 1) / 2;
    case dib_packing::rle24: return pixels * 3;
    default: return pixels;
    }
  }
  /// The colour of the @p i th pixel in @p bytes.
  std::array<std::uint8_t, 3> at(std::string_view bytes, std::size_t i) const {
    const auto byte = [&](std::size_t n) {
      return static_cast<std::uint8_t>(bytes[n]);
    };
    switch (header_.packing) {
    case dib_packing::rle4: return header_.color(i % 2 == 0 ? byte(i / 2) >> 4 : byte(i / 2) & 15);
    case dib_packing::rle24: return {byte(i * 3 + 2), byte(i * 3 + 1), byte(i * 3)};
    default: return header_.color(byte(i));
    }
  }
  /// Bytes behind a run's length, and the pixels in them, which are repeated.
  std::size_t pattern_bytes() const {
    return header_.packing == dib_packing::rle24 ? 3 : 1;
  }
  std::size_t pattern_pixels() const {
    return header_.packing == dib_packing::rle4 ? 2 : 1;
  }

private:
  const dib_header& header_;
};

// Returns whether the picture's end was met.
bool draw_runs(const dib_header& header, std::string_view packed, run_canvas& canvas) {
  const run_colors colors{header};
  const auto byte = [&](std::size_t at) {
    return static_cast<unsigned>(static_cast<std::uint8_t>(packed[at]));
  };
  std::size_t at = 0;
  while (at + 2 <= packed.size() && !canvas.is_full()) {
    const auto count = byte(at);
    const auto escape = byte(at + 1);
    if (count > 0) {
      const auto pattern = packed.substr(at + 1, colors.pattern_bytes());
      if (pattern.size() < colors.pattern_bytes())
        return false;
      for (unsigned i = 0; i < count; ++i)
        canvas.draw(colors.at(pattern, i % colors.pattern_pixels()));
      at += 1 + pattern.size();
      continue;
    }
    at += 2;
    if (escape == 1)
      return true;
    if (escape == 0) {
      canvas.next_row();
    } else if (escape == 2) {
      if (at + 2 > packed.size())
        return false;
      canvas.move(byte(at), byte(at + 1));
      at += 2;
    } else {
      const auto bytes = colors.bytes_of(escape);
      if (at + bytes > packed.size())
        return false;
      for (unsigned i = 0; i < escape; ++i)
        canvas.draw(colors.at(packed.substr(at, bytes), i));
      at += bytes + bytes % 2;
    }
  }
  return canvas.is_full();
}

} // namespace

result<> read_dib_runs(const dib_header& h, std::string_view packed, stored_image& image) {
  image.pixels = picture{h.size.width, h.size.height, 4};
  run_canvas canvas{h, image.pixels};
  const bool has_end = draw_runs(h, packed, canvas);
  if (packed.size() < 2)
    return fail(errc::corrupt_media, "BMP: the file ends before its first row");
  image.is_incomplete = !has_end && !is_opaque(image.pixels.pixels);
  image.pixels = without_needless_alpha(std::move(image.pixels));
  return {};
}

} // namespace mediad::media
