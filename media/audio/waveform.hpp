#pragma once

#include "media/picture/picture.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace mediad::media {

/// The loudness of a sound over its length, however long that turns out to be, in a few kilobytes;
/// and a picture of it.
class waveform {
public:
  /// One stretch of sound, 0..1 each.
  struct bar {
    float peak = 0;
    float rms = 0;
  };

  waveform();

  /// Samples of one or two channels, about -1..1, in their order.
  /// @param right empty for mono, else as long as @p left.
  void add(std::span<const float> left, std::span<const float> right);

  /// The sound in @p count stretches of equal length; all silent if there was none.
  std::vector<bar> bars(std::size_t count) const;

  /// Rounded bars, 320 by 120 pixels, RGB. Quiet sounds are drawn larger, silence is not.
  picture draw() const;

private:
  struct stretch {
    float peak = 0;
    double squares = 0;
    std::uint64_t samples = 0;
    void merge(const stretch& other);
  };
  void note(float sample);
  void halve();

  std::vector<stretch> stretches_;
  std::uint64_t samples_each_;
};

} // namespace mediad::media
