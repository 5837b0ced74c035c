#include "media/picture/row_averager.hpp"

#include <algorithm>

namespace mediad::media {
namespace {

/// Divides by a number of pixels that is the same for a whole row. It multiplies instead, which is
/// exact for up to 65,535 pixels of at most 255 each.
class mean {
public:
  explicit mean(std::uint32_t count)
    : half_{count / 2}, reciprocal_{(std::uint64_t{1} << shift) / count + 1} {}

  std::uint8_t operator()(std::uint32_t sum) const {
    return static_cast<std::uint8_t>((sum + half_) * reciprocal_ >> shift);
  }

private:
  static constexpr unsigned shift = 40;
  std::uint32_t half_;
  std::uint64_t reciprocal_;
};

} // namespace

row_averager::row_averager(extent size, std::uint32_t channels, std::uint32_t factor)
  : size_{size},
    channels_{channels},
    factor_{factor},
    made_{size.width / factor, size.height / factor, channels},
    sums_(std::size_t{size.width} * channels) {}

void row_averager::add(const std::uint8_t* row) {
  for (std::size_t i = 0; i < sums_.size(); ++i)
    sums_[i] = static_cast<std::uint16_t>(sums_[i] + row[i]);
  ++added_;
  ++in_sum_;
  const bool is_last_square = written_ + 1 == made_.height;
  if (is_last_square ? added_ == size_.height : in_sum_ == factor_)
    write_row();
}

void row_averager::write_row() {
  auto* out = made_.row(written_);
  const auto last = made_.width - 1;
  const mean inner{factor_ * in_sum_};
  const mean outer{(size_.width - last * factor_) * in_sum_};
  for (std::uint32_t x = 0; x < made_.width; ++x) {
    const auto left = x * factor_;
    const auto right = x == last ? size_.width : left + factor_;
    const auto& of = x == last ? outer : inner;
    for (std::uint32_t c = 0; c < channels_; ++c) {
      std::uint32_t sum = 0;
      for (auto sx = left; sx < right; ++sx)
        sum += sums_[std::size_t{sx} * channels_ + c];
      *out++ = of(sum);
    }
  }
  std::fill(sums_.begin(), sums_.end(), std::uint16_t{0});
  in_sum_ = 0;
  ++written_;
}

std::uint32_t average_factor(extent from, extent to) {
  constexpr std::uint32_t min_squares = 100;
  // In pixels of the result, which the leftovers beside whole squares shift by so much.
  constexpr double invisible_shift = 0.1;
  const auto shift = [](std::uint32_t side, std::uint32_t made, std::uint32_t factor) {
    return static_cast<double>(side % factor) * made / side;
  };
  const auto largest = std::min(from.width / to.width, from.height / to.height) / 2;
  for (auto factor = std::min(largest, max_averaged); factor >= 2; --factor)
    if (from.width / factor >= min_squares && from.height / factor >= min_squares
        && shift(from.width, to.width, factor) <= invisible_shift
        && shift(from.height, to.height, factor) <= invisible_shift)
      return factor;
  return 1;
}

} // namespace mediad::media
