#include "media/picture/thumbhash.hpp"

#include "media/picture/resize.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string_view>

// This follows the reference implementation by Evan Wallace (MIT), js/thumbhash.js: same terms,
// same order, same rounding, so that its decoders read what we write.
namespace mediad::media {
namespace {

using plane = std::vector<double>;

struct channel_terms {
  double constant = 0;
  double scale = 0;
  std::vector<double> varying; // 0..1 around 0.5
};

struct luma_chroma {
  plane light, yellow_blue, red_green, alpha;
  bool has_alpha = false;
};

unsigned rounded(double value) {
  return static_cast<unsigned>(std::floor(value + 0.5)); // as JavaScript's Math.round
}

double basis(std::uint32_t position, std::uint32_t length, unsigned frequency) {
  return std::cos(std::numbers::pi / length * frequency * (position + 0.5));
}

double alpha_at(const picture& p, std::size_t i) {
  return p.has_alpha() ? p.pixels[i * 4 + 3] / 255.0 : 1.0;
}

double weighted_channel_at(const picture& p, std::size_t i, unsigned c) {
  return alpha_at(p, i) / 255 * p.pixels[i * p.channels + c];
}

// Splits into light, two colour axes and alpha; what is transparent shows the average colour.
luma_chroma split(const picture& from) {
  const auto count = std::size_t{from.width} * from.height;
  std::array<double, 3> average{};
  double opaque = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto alpha = alpha_at(from, i);
    for (unsigned c = 0; c < 3; ++c)
      average[c] += weighted_channel_at(from, i, c);
    opaque += alpha;
  }
  if (opaque > 0)
    for (auto& value : average)
      value /= opaque;
  luma_chroma planes{plane(count), plane(count), plane(count), plane(count),
                     opaque < static_cast<double>(count)};
  for (std::size_t i = 0; i < count; ++i) {
    const auto alpha = alpha_at(from, i);
    std::array<double, 3> rgb{};
    for (unsigned c = 0; c < 3; ++c)
      rgb[c] = average[c] * (1 - alpha) + weighted_channel_at(from, i, c);
    planes.light[i] = (rgb[0] + rgb[1] + rgb[2]) / 3;
    planes.yellow_blue[i] = (rgb[0] + rgb[1]) / 2 - rgb[2];
    planes.red_green[i] = rgb[0] - rgb[1];
    planes.alpha[i] = alpha;
  }
  return planes;
}

double correlate(const plane& values, extent size, unsigned cx, unsigned cy) {
  std::array<double, 100> across{};
  for (std::uint32_t x = 0; x < size.width; ++x)
    across.at(x) = basis(x, size.width, cx);
  double sum = 0;
  for (std::uint32_t y = 0; y < size.height; ++y) {
    const auto down = basis(y, size.height, cy);
    for (std::uint32_t x = 0; x < size.width; ++x)
      sum += values[x + std::size_t{y} * size.width] * across[x] * down;
  }
  return sum / (static_cast<double>(size.width) * size.height);
}

// The discrete cosine terms of the triangle nearest to the constant one.
channel_terms terms_of(const plane& values, extent size, unsigned nx, unsigned ny) {
  channel_terms terms;
  for (unsigned cy = 0; cy < ny; ++cy)
    for (unsigned cx = 0; cx * ny < nx * (ny - cy); ++cx) {
      const auto value = correlate(values, size, cx, cy);
      if (cx == 0 && cy == 0) {
        terms.constant = value;
        continue;
      }
      terms.varying.push_back(value);
      terms.scale = std::max(terms.scale, std::abs(value));
    }
  if (terms.scale > 0)
    for (auto& value : terms.varying)
      value = 0.5 + 0.5 / terms.scale * value;
  return terms;
}

void append_nibbles(std::vector<std::uint8_t>& hash,
                    const std::vector<const channel_terms*>& channels) {
  bool high = false;
  for (const auto* terms : channels)
    for (const auto value : terms->varying) {
      const auto nibble = rounded(15 * value);
      if (high)
        hash.back() = static_cast<std::uint8_t>(hash.back() | nibble << 4U);
      else
        hash.push_back(static_cast<std::uint8_t>(nibble));
      high = !high;
    }
}

std::string base64(const std::vector<std::uint8_t>& bytes) {
  constexpr std::string_view digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    unsigned group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8U | (i + k < bytes.size() ? bytes[i + k] : 0U);
    for (unsigned k = 0; k < 4; ++k)
      text += i + k <= bytes.size() ? digits[group >> (18 - 6 * k) & 63U] : '=';
  }
  return text;
}

} // namespace

std::vector<std::uint8_t> thumbhash(const picture& small) {
  const extent size{small.width, small.height};
  const auto planes = split(small);
  const double light_limit = planes.has_alpha ? 5 : 7; // alpha takes some of the bits
  const auto longer = std::max(size.width, size.height);
  const auto lx = std::max(1U, rounded(light_limit * size.width / longer));
  const auto ly = std::max(1U, rounded(light_limit * size.height / longer));
  const auto light = terms_of(planes.light, size, std::max(3U, lx), std::max(3U, ly));
  const auto yellow_blue = terms_of(planes.yellow_blue, size, 3, 3);
  const auto red_green = terms_of(planes.red_green, size, 3, 3);
  const bool landscape = size.width > size.height;

  const auto header = rounded(63 * light.constant)
                      | rounded(31.5 + 31.5 * yellow_blue.constant) << 6U
                      | rounded(31.5 + 31.5 * red_green.constant) << 12U
                      | rounded(31 * light.scale) << 18U | (planes.has_alpha ? 1U << 23U : 0U);
  const auto shape = (landscape ? ly : lx) | rounded(63 * yellow_blue.scale) << 3U
                     | rounded(63 * red_green.scale) << 9U | (landscape ? 1U << 15U : 0U);
  std::vector<std::uint8_t> hash;
  for (const auto part : {header, header >> 8U, header >> 16U, shape, shape >> 8U})
    hash.push_back(static_cast<std::uint8_t>(part & 255U));
  if (!planes.has_alpha) {
    append_nibbles(hash, {&light, &yellow_blue, &red_green});
    return hash;
  }
  const auto alpha = terms_of(planes.alpha, size, 5, 5);
  hash.push_back(
    static_cast<std::uint8_t>(rounded(15 * alpha.constant) | rounded(15 * alpha.scale) << 4U));
  append_nibbles(hash, {&light, &yellow_blue, &red_green, &alpha});
  return hash;
}

std::string thumbhash_base64(const picture& any_size) {
  constexpr std::uint32_t max_side = 48; // plenty for waves of which seven fit
  const auto small = resize(any_size, fit_box({any_size.width, any_size.height}, max_side));
  return small ? base64(thumbhash(*small)) : std::string{};
}

} // namespace mediad::media
