#pragma once

#include "media/picture/picture.hpp"

#include <cstdint>
#include <vector>

namespace mediad::media {

/// The largest square: those at the bottom have nearly twice its rows, whose sums fit 16 bits.
inline constexpr std::uint32_t max_averaged = 128;

/// Means of squares of pixels, row by row as a decoder hands them out; what is left over at the
/// right and at the bottom goes with the last square.
class row_averager {
public:
  /// @param factor the side of a square, 1 to max_averaged pixels; each side of @p size has at
  /// least that many.
  row_averager(extent size, std::uint32_t channels, std::uint32_t factor);

  /// The next row: size.width pixels.
  void add(const std::uint8_t* row);
  /// The means. To be called once all rows have been added.
  picture finish() && {
    return std::move(made_);
  }

private:
  void write_row();

  extent size_;
  std::uint32_t channels_;
  std::uint32_t factor_;
  picture made_;
  std::vector<std::uint16_t> sums_;
  std::uint32_t added_ = 0;   ///< Rows added.
  std::uint32_t in_sum_ = 0;  ///< Rows accumulated in sums_ since the last written row.
  std::uint32_t written_ = 0; ///< Rows of made_ that are done.
};

/// How much of a large reduction means of squares can do: what they leave is still twice as large
/// as wanted, for a better filter to finish. Leftovers shift the picture, so few may be left.
/// @returns up to max_averaged; 1 where they are of no use.
std::uint32_t average_factor(extent from, extent to);

} // namespace mediad::media
