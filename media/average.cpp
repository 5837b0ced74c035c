#include "media/average.hpp"

#include <algorithm>

namespace mediad::media {

row_averager::row_averager(extent size, std::uint32_t channels, std::uint32_t factor)
  : size_{size},
    channels_{channels},
    factor_{factor},
    made_{size.width / factor, size.height / factor, channels},
    sums_(std::size_t{size.width} * channels) {}

void row_averager::add(const std::uint8_t* row) {
  for (std::size_t i = 0; i < sums_.size(); ++i)
    sums_[i] += row[i];
  ++added_;
  ++in_sum_;
  const bool is_last_square = written_ + 1 == made_.height;
  if (is_last_square ? added_ == size_.height : in_sum_ == factor_)
    write_row();
}

void row_averager::write_row() {
  auto* out = made_.row(written_);
  for (std::uint32_t x = 0; x < made_.width; ++x) {
    const auto left = x * factor_;
    const auto right = x + 1 == made_.width ? size_.width : left + factor_;
    const auto count = (right - left) * in_sum_;
    for (std::uint32_t c = 0; c < channels_; ++c) {
      std::uint32_t sum = count / 2;
      for (auto sx = left; sx < right; ++sx)
        sum += sums_[std::size_t{sx} * channels_ + c];
      *out++ = static_cast<std::uint8_t>(sum / count);
    }
  }
  std::fill(sums_.begin(), sums_.end(), 0U);
  in_sum_ = 0;
  ++written_;
}

std::uint32_t average_factor(extent from, extent to) {
  constexpr std::uint32_t least_squares = 100;
  // Of the result's pixels; what is left over beside whole squares shifts it by so much.
  constexpr double invisible_shift = 0.1;
  const auto shift = [](std::uint32_t side, std::uint32_t made, std::uint32_t factor) {
    return static_cast<double>(side % factor) * made / side;
  };
  for (auto factor = std::min(from.width / to.width, from.height / to.height) / 2; factor >= 2;
       --factor)
    if (from.width / factor >= least_squares && from.height / factor >= least_squares
        && shift(from.width, to.width, factor) <= invisible_shift
        && shift(from.height, to.height, factor) <= invisible_shift)
      return factor;
  return 1;
}

} // namespace mediad::media
