#include "media/picture/looks.hpp"

#include "media/picture/resize.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace mediad::media {
namespace {

constexpr std::uint32_t work_box = 64;

using plane_of_doubles = std::vector<double>;

struct lab_planes {
  plane_of_doubles light, a, b, weight;
};

// Opponent colours, a linear form of YCC: their distances are near enough to how far apart two
// colours look.
lab_planes split(const picture& from) {
  const auto count = std::size_t{from.width} * from.height;
  lab_planes made{plane_of_doubles(count), plane_of_doubles(count), plane_of_doubles(count),
                  plane_of_doubles(count, 1)};
  for (std::size_t i = 0; i < count; ++i) {
    const auto* at = from.pixels.data() + i * from.channels;
    made.light[i] = 0.299 * at[0] + 0.587 * at[1] + 0.114 * at[2];
    made.a[i] = at[0] - made.light[i];
    made.b[i] = at[2] - made.light[i];
    if (from.has_alpha())
      made.weight[i] = at[3] / 255.0;
  }
  return made;
}

plane_of_doubles blurred(const plane_of_doubles& values, extent size, int radius) {
  const int width = static_cast<int>(size.width);
  const int height = static_cast<int>(size.height);
  const auto at = [&](int x, int y) {
    return static_cast<std::size_t>(y * width + x);
  };
  plane_of_doubles across(values.size());
  plane_of_doubles both(values.size());
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      double sum = 0;
      for (int k = -radius; k <= radius; ++k)
        sum += values[at(std::clamp(x + k, 0, width - 1), y)];
      across[at(x, y)] = sum / (2 * radius + 1);
    }
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      double sum = 0;
      for (int k = -radius; k <= radius; ++k)
        sum += across[at(x, std::clamp(y + k, 0, height - 1))];
      both[at(x, y)] = sum / (2 * radius + 1);
    }
  return both;
}

// How far each pixel stands out from its wider surroundings: the differences of a fine and a
// coarse mean of each channel (after Itti, Koch and Niebur, 1998, at two pairs of scales).
plane_of_doubles saliency(const lab_planes& planes, extent size) {
  plane_of_doubles found(planes.light.size());
  const int longer = static_cast<int>(std::max(size.width, size.height));
  for (const auto* channel : {&planes.light, &planes.a, &planes.b}) {
    const double gain = channel == &planes.light ? 1 : 2; // colour draws more than light
    const auto fine = blurred(*channel, size, 1);
    for (const int share : {8, 4}) {
      const auto coarse = blurred(*channel, size, std::max(2, longer / share));
      for (std::size_t i = 0; i < found.size(); ++i)
        found[i] += gain * std::abs(fine[i] - coarse[i]) * planes.weight[i];
    }
  }
  return found;
}

// The centre of the strongest pixels; squares, so that a few strong ones outweigh much texture.
void find_focus(const plane_of_doubles& salient, extent size, image_looks& looks) {
  double sum = 0;
  double x_sum = 0;
  double y_sum = 0;
  const auto strongest = *std::max_element(salient.begin(), salient.end());
  constexpr double nothing_stands_out = 4;
  if (strongest < nothing_stands_out)
    return; // the focus stays in the middle
  for (std::uint32_t y = 0; y < size.height; ++y)
    for (std::uint32_t x = 0; x < size.width; ++x) {
      const auto value = salient[std::size_t{y} * size.width + x] / strongest;
      const auto weight = value > 0.5 ? value * value : 0;
      sum += weight;
      x_sum += weight * (x + 0.5);
      y_sum += weight * (y + 0.5);
    }
  looks.focus_x = x_sum / sum / size.width;
  looks.focus_y = y_sum / sum / size.height;
}

// The mean colour of the pixels in the fullest of 512 boxes of colour.
void find_dominant(const picture& from, image_looks& looks) {
  struct box {
    double weight = 0;
    std::array<double, 3> sum{};
  };
  std::vector<box> boxes(512);
  for (std::size_t i = 0; i < std::size_t{from.width} * from.height; ++i) {
    const auto* at = from.pixels.data() + i * from.channels;
    auto& into = boxes[std::size_t{at[0]} / 32 * 64 + at[1] / 32U * 8 + at[2] / 32U];
    const auto weight = from.has_alpha() ? at[3] / 255.0 : 1.0;
    into.weight += weight;
    for (std::size_t c = 0; c < 3; ++c)
      into.sum[c] += weight * at[c];
  }
  const auto fullest = std::max_element(
    boxes.begin(), boxes.end(), [](const box& a, const box& b) { return a.weight < b.weight; });
  for (std::size_t c = 0; c < 3 && fullest->weight > 0; ++c)
    looks.dominant[c] = static_cast<std::uint8_t>(std::lround(fullest->sum[c] / fullest->weight));
}

} // namespace

image_looks looks_of(const picture& shown) {
  image_looks looks;
  const auto small = resize(shown, fit_box({shown.width, shown.height}, work_box));
  if (!small)
    return looks;
  const extent size{small->width, small->height};
  find_dominant(*small, looks);
  find_focus(saliency(split(*small), size), size, looks);
  return looks;
}

std::string hex_color(const std::array<std::uint8_t, 3>& color) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text = "#";
  for (const auto value : color) {
    text += digits[value / 16U];
    text += digits[value % 16U];
  }
  return text;
}

} // namespace mediad::media
