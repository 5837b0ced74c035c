#include "media/audio/waveform.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace mediad::media {
namespace {

constexpr std::size_t max_stretches = 4'096;
constexpr std::uint64_t first_stretch_samples = 64;

constexpr std::uint32_t width = 320;
constexpr std::uint32_t height = 120;
constexpr std::uint32_t pitch = 5;        // Pixels from one bar to the next.
constexpr float radius = 1.6F;            // Half of a bar's width.
constexpr float tallest = 50;             // Half of a full bar's height.
constexpr float loudest_gain = 8;         // What is quieter than an eighth stays small.
constexpr float loudness_exponent = 0.8F; // Hearing is not linear; nor should the picture be.

using colour = std::array<float, 3>;
constexpr colour paper{246, 247, 252};
constexpr colour first_ink{58, 91, 217};
constexpr colour last_ink{151, 71, 209};

colour blend(const colour& a, const colour& b, float part) {
  colour c{};
  for (std::size_t i = 0; i < c.size(); ++i)
    c[i] = a[i] + (b[i] - a[i]) * part;
  return c;
}

/// How much of the pixel at (x, y) from a bar's middle lies inside it: an upright capsule.
float coverage(float x, float y, float half_height) {
  const float beyond = std::max(0.0F, std::abs(y) - half_height);
  return std::clamp(radius - std::hypot(x, beyond) + 0.5F, 0.0F, 1.0F);
}

float half_height_of(float loudness, float gain) {
  return tallest * std::pow(std::clamp(loudness * gain, 0.0F, 1.0F), loudness_exponent);
}

} // namespace

waveform::waveform() : samples_each_{first_stretch_samples} {
  stretches_.reserve(max_stretches);
}

void waveform::stretch::merge(const stretch& other) {
  peak = std::max(peak, other.peak);
  squares += other.squares;
  samples += other.samples;
}

void waveform::halve() {
  for (std::size_t i = 0; i < max_stretches / 2; ++i) {
    stretches_[i] = stretches_[2 * i];
    stretches_[i].merge(stretches_[2 * i + 1]);
  }
  stretches_.resize(max_stretches / 2);
  samples_each_ *= 2;
}

void waveform::note(float sample) {
  auto& now = stretches_.back();
  // Damaged files decode to infinities and NaN.
  const float level = std::isfinite(sample) ? std::min(std::abs(sample), 1.0F) : 0.0F;
  now.peak = std::max(now.peak, level);
  now.squares += static_cast<double>(level) * level;
  ++now.samples;
}

void waveform::add(std::span<const float> left, std::span<const float> right) {
  const std::uint64_t channels = right.empty() ? 1 : 2;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (stretches_.empty() || stretches_.back().samples >= samples_each_ * channels) {
      if (stretches_.size() == max_stretches)
        halve();
      stretches_.emplace_back();
    }
    note(left[i]);
    if (channels == 2)
      note(right[i]);
  }
}

std::vector<waveform::bar> waveform::bars(std::size_t count) const {
  std::vector<bar> made(count);
  const auto have = stretches_.size();
  for (std::size_t i = 0; i < count && have > 0; ++i) {
    const auto from = i * have / count;
    const auto to = std::max(from + 1, (i + 1) * have / count);
    stretch sum;
    for (auto k = from; k < to; ++k)
      sum.merge(stretches_[k]);
    made[i] = {sum.peak,
               static_cast<float>(std::sqrt(sum.squares / static_cast<double>(sum.samples)))};
  }
  return made;
}

picture waveform::draw() const {
  const auto all = bars(width / pitch);
  float loudest = 0;
  for (const auto& b : all)
    loudest = std::max(loudest, b.peak);
  const float gain = loudest > 0 ? std::min(1 / loudest, loudest_gain) : 1;
  picture drawn{width, height, 3};
  for (std::uint32_t y = 0; y < height; ++y)
    for (std::uint32_t x = 0; x < width; ++x) {
      const auto& b = all[std::min<std::size_t>(x / pitch, all.size() - 1)];
      const float from_middle = static_cast<float>(x % pitch) + 0.5F - pitch / 2.0F;
      const float from_axis = static_cast<float>(y) + 0.5F - height / 2.0F;
      const auto ink = blend(first_ink, last_ink, static_cast<float>(x) / (width - 1));
      // The peaks stand behind as a lighter shade of what one hears.
      const auto behind = blend(paper, ink, 0.45F);
      auto shade =
        blend(paper, behind, coverage(from_middle, from_axis, half_height_of(b.peak, gain)));
      shade = blend(shade, ink, coverage(from_middle, from_axis, half_height_of(b.rms, gain)));
      for (std::uint32_t c = 0; c < 3; ++c)
        drawn.row(y)[3 * x + c] = static_cast<std::uint8_t>(std::lround(shade[c]));
    }
  return drawn;
}

} // namespace mediad::media
