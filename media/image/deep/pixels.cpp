#include "media/image/deep/pixels.hpp"

#include "media/image/stored_image.hpp"
#include "media/picture/row_averager.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>

namespace mediad::media {
namespace {

// Which of a reader's channels are shown, and how.
struct layout {
  int read = 3;         ///< Channels to read, from the first.
  bool is_gray = false; ///< The first channel is all of red, green and blue.
  int alpha = -1;       ///< Index among those read; -1: opaque.
  bool is_linear = false;
  bool is_premultiplied = false;

  std::uint32_t channels() const {
    return alpha < 0 ? 3 : 4;
  }
};

layout layout_of(const OIIO::ImageSpec& spec) {
  layout found;
  found.is_gray = spec.nchannels < 3;
  const int colors = found.is_gray ? 1 : 3;
  // Not spec.alpha_channel alone: the GIF reader counts it from 1. Any fourth channel of the
  // formats we read is alpha, unless it has another name (an OpenEXR's depth, say).
  if (spec.nchannels > colors && (spec.alpha_channel >= colors || spec.channel_name(colors) == "A"))
    found.alpha = colors;
  found.read = found.alpha < 0 ? colors : colors + 1;
  const auto space = spec.get_string_attribute("oiio:ColorSpace");
  found.is_linear = spec.format.is_floating_point() || space == "Linear" || space == "linear";
  found.is_premultiplied =
    found.alpha >= 0 && spec.get_int_attribute("oiio:UnassociatedAlpha", 0) == 0;
  return found;
}

// lround would be a call for each of millions of values, and none is negative here.
std::size_t nearest(float value) {
  return static_cast<std::size_t>(value + 0.5F); // NOLINT(bugprone-incorrect-roundings)
}

// sRGB's transfer curve (IEC 61966-2-1) for 65,536 levels of linear light: the darkest step is a
// twentieth of one of the 256 levels that come out.
class srgb_curve {
public:
  srgb_curve() {
    for (std::size_t i = 0; i < levels_.size(); ++i) {
      const auto linear = static_cast<double>(i) / max_level;
      const auto curved =
        linear <= 0.0031308 ? 12.92 * linear : 1.055 * std::pow(linear, 1 / 2.4) - 0.055;
      levels_[i] = static_cast<std::uint8_t>(std::lround(curved * 255));
    }
  }
  std::uint8_t operator()(float linear) const {
    if (!(linear > 0)) // also what is not a number
      return 0;
    return levels_[nearest(std::min(linear, 1.0F) * max_level)];
  }

private:
  static constexpr float max_level = 65535;
  std::array<std::uint8_t, 65536> levels_{};
};

std::uint8_t as_byte(float value) {
  return value > 0 ? static_cast<std::uint8_t>(nearest(std::min(value, 1.0F) * 255))
                   : std::uint8_t{0};
}

void convert_row(const float* in, std::uint8_t* out, std::uint32_t width, const layout& shown) {
  static const srgb_curve curve;
  for (std::uint32_t x = 0; x < width; ++x, in += shown.read) {
    const auto alpha = shown.alpha < 0 ? 1.0F : in[shown.alpha];
    const auto weight = shown.is_premultiplied && alpha > 0 ? 1 / alpha : 1.0F;
    for (int c = 0; c < 3; ++c) {
      const auto value = in[shown.is_gray ? 0 : c] * weight;
      *out++ = shown.is_linear ? curve(value) : as_byte(value);
    }
    if (shown.alpha >= 0)
      *out++ = as_byte(alpha);
  }
}

error stumbled(OIIO::ImageInput& reader) {
  return fail(errc::corrupt_media,
              "OpenImageIO: " + (reader.has_error() ? reader.geterror() : "unreadable pixels"));
}

// Calls take(row, y) with every row of the first @p channels channels as T, until it returns false.
template <class T, class Take>
result<> each_row(OIIO::ImageInput& reader, int channels, OIIO::TypeDesc type, Take take) {
  const auto& spec = reader.spec();
  constexpr int rows_at_once = 64;
  const int step = spec.tile_width > 0 ? spec.tile_height : rows_at_once;
  const auto row_values = static_cast<std::size_t>(spec.width) * static_cast<std::size_t>(channels);
  std::vector<T> rows(row_values * static_cast<std::size_t>(std::min(step, spec.height)));
  const auto read = [&](int y, int end) {
    const bool is_read =
      spec.tile_width > 0
        ? reader.read_tiles(reader.current_subimage(), 0, spec.x, spec.x + spec.width, spec.y + y,
                            spec.y + end, 0, 1, 0, channels, type, rows.data())
        : reader.read_scanlines(reader.current_subimage(), 0, spec.y + y, spec.y + end, 0, 0,
                                channels, type, rows.data());
    // Some readers report damage only here, and success all the same.
    return is_read && !reader.has_error();
  };
  int at_once = step;
  for (int y = 0; y < spec.height;) {
    const int end = std::min(y + at_once, spec.height);
    if (!read(y, end)) {
      if (spec.tile_width > 0 || at_once == 1)
        return stumbled(reader);
      static_cast<void>(reader.geterror());
      at_once = 1; // some of these rows may be there
      continue;
    }
    for (int row = y; row < end; ++row)
      if (!take(rows.data() + static_cast<std::size_t>(row - y) * row_values,
                static_cast<std::uint32_t>(row)))
        return {};
    y = end;
  }
  return {};
}

extent size_of(const OIIO::ImageSpec& spec) {
  return {static_cast<std::uint32_t>(spec.width), static_cast<std::uint32_t>(spec.height)};
}

// The same, but every row has the channels of @p shown, 8 bits each.
template <class Take>
result<> each_shown_row(OIIO::ImageInput& reader, const layout& shown, Take take) {
  if (!shown.is_linear && !shown.is_gray && !shown.is_premultiplied)
    return each_row<std::uint8_t>(reader, shown.read, OIIO::TypeUInt8, take);
  const auto width = static_cast<std::uint32_t>(reader.spec().width);
  std::vector<std::uint8_t> converted(std::size_t{width} * shown.channels());
  return each_row<float>(reader, shown.read, OIIO::TypeFloat,
                         [&](const float* row, std::uint32_t y) {
                           convert_row(row, converted.data(), width, shown);
                           return take(converted.data(), y);
                         });
}

// A row where nothing could be read.
std::vector<std::uint8_t> missing_row(const layout& shown, std::uint32_t width) {
  constexpr std::uint8_t gray = 128;
  constexpr std::uint8_t opaque = 255;
  std::vector<std::uint8_t> row(std::size_t{width} * shown.channels(), gray);
  if (shown.alpha >= 0)
    for (std::size_t alpha = 3; alpha < row.size(); alpha += 4)
      row[alpha] = opaque;
  return row;
}

// Returns nothing if a pixel is not opaque.
result<std::optional<read_part>> read_means(OIIO::ImageInput& reader, const layout& shown,
                                            std::uint32_t factor, bool may_be_cut) {
  const auto size = size_of(reader.spec());
  row_averager means{size, shown.channels(), factor};
  const auto row_bytes = std::size_t{size.width} * shown.channels();
  auto all_opaque = true;
  std::uint32_t rows = 0;
  const auto done = each_shown_row(reader, shown, [&](const std::uint8_t* row, std::uint32_t) {
    all_opaque = shown.alpha < 0 || is_opaque({row, row_bytes});
    if (all_opaque)
      means.add(row);
    ++rows;
    return all_opaque;
  });
  if (!done && (!may_be_cut || rows == 0))
    return fail(done.error());
  if (!all_opaque)
    return std::optional<read_part>{};
  const auto missing = missing_row(shown, size.width);
  for (auto y = rows; y < size.height; ++y)
    means.add(missing.data());
  return std::optional{
    read_part{without_needless_alpha(std::move(means).finish()), rows < size.height}};
}

} // namespace

result<read_part> read_pixels(OIIO::ImageInput& reader, std::uint32_t factor, bool may_be_cut) {
  const auto shown = layout_of(reader.spec());
  if (factor > 1) {
    auto means = read_means(reader, shown, factor, may_be_cut);
    if (!means)
      return fail(means.error());
    if (*means)
      return std::move(**means);
  }
  const auto size = size_of(reader.spec());
  picture pixels{size.width, size.height, shown.channels()};
  std::uint32_t rows = 0;
  const auto done = each_shown_row(reader, shown, [&](const std::uint8_t* row, std::uint32_t y) {
    std::copy_n(row, pixels.stride(), pixels.row(y));
    rows = y + 1;
    return true;
  });
  if (!done && (!may_be_cut || rows == 0))
    return fail(done.error());
  const auto missing = missing_row(shown, size.width);
  for (auto y = rows; y < size.height; ++y)
    std::copy(missing.begin(), missing.end(), pixels.row(y));
  return read_part{std::move(pixels), rows < size.height};
}

} // namespace mediad::media
