#include "media/picture/planes.hpp"

#include "media/picture/orientation.hpp"
#include "media/picture/resize_plane.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace mediad::media {
namespace {

constexpr int fraction_bits = 14;
constexpr int half_unit = 1 << (fraction_bits - 1);

int fixed(double value) {
  return static_cast<int>(std::lround(value * (1 << fraction_bits)));
}

std::uint8_t clamped(int value) {
  return static_cast<std::uint8_t>(std::clamp(value, 0, 255));
}

// The terms of ITU-T H.273, equations 41 to 58, in 14 bits of fraction.
struct rgb_terms {
  explicit rgb_terms(const luma_rule& rule) {
    const double green = 1 - rule.red - rule.blue;
    const double luma_range = rule.full_range ? 1 : 255.0 / 219;
    const double chroma_range = rule.full_range ? 1 : 255.0 / 224;
    black = rule.full_range ? 0 : 16;
    luma = fixed(luma_range);
    red_v = fixed(2 * (1 - rule.red) * chroma_range);
    blue_u = fixed(2 * (1 - rule.blue) * chroma_range);
    green_u = fixed(-2 * (1 - rule.blue) * rule.blue / green * chroma_range);
    green_v = fixed(-2 * (1 - rule.red) * rule.red / green * chroma_range);
  }

  int black, luma, red_v, blue_u, green_u, green_v;
};

plane turned_plane(const plane& stored, int orientation) {
  const auto size = turned({stored.width, stored.height}, orientation);
  plane shown{size.width, size.height};
  const auto right = stored.width - 1;
  const auto bottom = stored.height - 1;
  const bool mirrors_x =
    orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const bool mirrors_y =
    orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  const bool swaps = orientation >= 5;
  for (std::uint32_t y = 0; y < size.height; ++y) {
    auto* out = shown.row(y);
    for (std::uint32_t x = 0; x < size.width; ++x) {
      const auto sx = swaps ? y : x;
      const auto sy = swaps ? x : y;
      out[x] = stored.row(mirrors_y ? bottom - sy : sy)[mirrors_x ? right - sx : sx];
    }
  }
  return shown;
}

// Averages the chroma of two by two pixels; a last odd pixel stands for both.
void halve(const plane& full, plane& half) {
  for (std::uint32_t y = 0; y < half.height; ++y) {
    const auto* upper = full.row(2 * y);
    const auto* lower = full.row(std::min(2 * y + 1, full.height - 1));
    auto* out = half.row(y);
    const auto pairs = full.width / 2;
    for (std::uint32_t x = 0; x < pairs; ++x)
      out[x] = static_cast<std::uint8_t>(
        (upper[2 * x] + upper[2 * x + 1] + lower[2 * x] + lower[2 * x + 1] + 2) / 4);
    if (pairs < half.width)
      out[pairs] = static_cast<std::uint8_t>((upper[2 * pairs] + lower[2 * pairs] + 1) / 2);
  }
}

} // namespace

aligned_bytes allocate_aligned(std::size_t bytes) {
  return aligned_bytes{static_cast<std::uint8_t*>(::operator new[](bytes, row_alignment))};
}

plane::plane(std::uint32_t w, std::uint32_t h, std::uint32_t spare_rows)
  : width{w},
    height{h},
    stride{(std::size_t{w} + 127) / 64 * 64},
    bytes{allocate_aligned(stride * (std::size_t{h} + spare_rows))} {}

result<planar> resize(const planar& source, extent to, chroma to_chroma) {
  const double factor = to_chroma == chroma::half ? 0.5 : 1;
  const auto side = [&](std::uint32_t pixels) {
    return to_chroma == chroma::half ? (pixels + 1) / 2 : pixels;
  };
  planar made;
  made.size = to;
  made.rule = source.rule;
  made.chroma_x = made.chroma_y = factor;
  for (std::size_t i = 0; i < made.parts.size(); ++i) {
    const bool is_luma = i == 0;
    const auto& from = source.parts.at(i);
    const extent size = is_luma ? to : extent{side(to.width), side(to.height)};
    // The last chroma sample of an odd side reaches half out of the picture, in both grids.
    covered_samples covered{static_cast<double>(from.width), static_cast<double>(from.height)};
    if (!is_luma) {
      covered.width = source.size.width * source.chroma_x * size.width / (to.width * factor);
      covered.height = source.size.height * source.chroma_y * size.height / (to.height * factor);
    }
    auto resized = resize_plane(from, covered, size);
    if (!resized)
      return fail(resized.error());
    made.parts.at(i) = std::move(*resized);
  }
  return made;
}

picture to_rgb(const planar& source) {
  const rgb_terms terms{source.rule};
  picture made{source.size.width, source.size.height, 3};
  for (std::uint32_t y = 0; y < made.height; ++y) {
    const auto* luma = source.parts[0].row(y);
    const auto* u = source.parts[1].row(y);
    const auto* v = source.parts[2].row(y);
    auto* out = made.row(y);
    for (std::uint32_t x = 0; x < made.width; ++x) {
      const int light = (luma[x] - terms.black) * terms.luma + half_unit;
      const int cu = u[x] - 128;
      const int cv = v[x] - 128;
      out[3 * x] = clamped((light + terms.red_v * cv) >> fraction_bits);
      out[3 * x + 1] = clamped((light + terms.green_u * cu + terms.green_v * cv) >> fraction_bits);
      out[3 * x + 2] = clamped((light + terms.blue_u * cu) >> fraction_bits);
    }
  }
  return made;
}

planar to_planar(const picture& opaque, chroma to_chroma) {
  planar made;
  made.size = {opaque.width, opaque.height};
  for (auto& part : made.parts)
    part = plane{opaque.width, opaque.height};
  // JFIF, the conversion from RGB to YCbCr.
  static const int yr = fixed(0.299), yg = fixed(0.587), yb = fixed(0.114);
  static const int ur = fixed(-0.168736), ug = fixed(-0.331264), ub = fixed(0.5);
  static const int vr = fixed(0.5), vg = fixed(-0.418688), vb = fixed(-0.081312);
  constexpr int middle = (128 << fraction_bits) + half_unit - 1;
  for (std::uint32_t y = 0; y < opaque.height; ++y) {
    const auto* in = opaque.row(y);
    auto* luma = made.parts[0].row(y);
    auto* u = made.parts[1].row(y);
    auto* v = made.parts[2].row(y);
    for (std::uint32_t x = 0; x < opaque.width; ++x, in += 3) {
      luma[x] = clamped((yr * in[0] + yg * in[1] + yb * in[2] + half_unit) >> fraction_bits);
      u[x] = clamped((ur * in[0] + ug * in[1] + ub * in[2] + middle) >> fraction_bits);
      v[x] = clamped((vr * in[0] + vg * in[1] + vb * in[2] + middle) >> fraction_bits);
    }
  }
  if (to_chroma == chroma::full)
    return made;
  made.chroma_x = made.chroma_y = 0.5;
  for (std::size_t i = 1; i < made.parts.size(); ++i) {
    plane half{(opaque.width + 1) / 2, (opaque.height + 1) / 2};
    halve(made.parts.at(i), half);
    made.parts.at(i) = std::move(half);
  }
  return made;
}

planar upright(planar stored, int orientation) {
  if (orientation <= 1 || orientation > 8)
    return stored;
  stored.size = turned(stored.size, orientation);
  if (orientation >= 5)
    std::swap(stored.chroma_x, stored.chroma_y);
  for (auto& part : stored.parts)
    part = turned_plane(part, orientation);
  return stored;
}

} // namespace mediad::media
