#include "media/bytes/mapped_file.hpp"
#include "media/image/readers/psd_file.hpp"
#include "media/image/readers/readers.hpp"
#include "media/image/readers/rows.hpp"
#include "media/picture/color.hpp"

#include <bit>
#include <cmath>
#include <optional>

namespace mediad::media {
namespace {

// As sRGB has it (IEC 61966-2-1); documents of 32 bits hold linear light.
std::uint8_t from_linear(float value) {
  if (!(value > 0))
    return 0;
  const auto light = std::min(static_cast<double>(value), 1.0);
  const auto curved = light <= 0.0031308 ? 12.92 * light : 1.055 * std::pow(light, 1 / 2.4) - 0.055;
  return static_cast<std::uint8_t>(std::lround(curved * 255));
}

std::uint8_t value_at(std::span<const std::uint8_t> row, std::uint32_t x, unsigned bits) {
  switch (bits) {
  case 1: return (row[x / 8] >> (7 - x % 8) & 1U) == 0 ? 255 : 0;
  case 8: return row[x];
  case 16: return row[std::size_t{x} * 2];
  default: {
    std::uint32_t word = 0;
    for (std::size_t i = 0; i < 4; ++i)
      word = word << 8U | row[std::size_t{x} * 4 + i];
    return from_linear(std::bit_cast<float>(word));
  }
  }
}

/// Puts the channels of one row together.
class row_reader {
public:
  row_reader(const psd_header& header, psd_rows& from)
    : header_{header},
      from_{from},
      channels_(header.colors() + (header.has_alpha ? 1 : 0),
                std::vector<std::uint8_t>(header.row_bytes())) {
    if (header.has_inks()) {
      inks_.resize(std::size_t{header.size.width} * 4);
      const std::vector<std::uint8_t> icc(header.icc.begin(), header.icc.end());
      converter_.emplace(icc, true);
    }
  }

  bool operator()(std::uint32_t y, std::uint8_t* to) {
    for (unsigned c = 0; c < channels_.size(); ++c)
      if (!from_.read(c, y, channels_[c]))
        return false;
    write_colors(to);
    if (header_.has_alpha)
      write_alpha(to);
    return true;
  }

private:
  std::size_t step() const {
    return header_.has_alpha ? 4 : 3;
  }

  void write_colors(std::uint8_t* to) {
    const auto width = header_.size.width;
    if (converter_) {
      for (std::uint32_t x = 0; x < width; ++x)
        for (std::size_t c = 0; c < 4; ++c)
          inks_[std::size_t{x} * 4 + c] = value_at(channels_[c], x, header_.bits);
      std::vector<std::uint8_t> rgb(std::size_t{width} * 3);
      converter_->convert(inks_.data(), rgb.data(), width);
      for (std::uint32_t x = 0; x < width; ++x)
        std::copy_n(&rgb[std::size_t{x} * 3], 3, to + x * step());
      return;
    }
    for (std::uint32_t x = 0; x < width; ++x, to += step())
      for (std::size_t c = 0; c < 3; ++c) {
        const auto value = value_at(channels_[header_.colors() == 3 ? c : 0], x, header_.bits);
        const auto at = 256 * c + value;
        to[c] = header_.mode != psd_mode::indexed ? value
                : at < header_.palette.size()     ? static_cast<std::uint8_t>(header_.palette[at])
                                                  : std::uint8_t{0};
      }
  }

  // The merged picture lies on white: that is taken out again.
  void write_alpha(std::uint8_t* to) {
    for (std::uint32_t x = 0; x < header_.size.width; ++x, to += 4) {
      const int alpha = value_at(channels_.back(), x, header_.bits);
      for (std::size_t c = 0; c < 3 && alpha > 0; ++c)
        to[c] = static_cast<std::uint8_t>(
          std::clamp(((to[c] - 255 + alpha) * 255 + alpha / 2) / alpha, 0, 255));
      to[3] = static_cast<std::uint8_t>(alpha);
    }
  }

  const psd_header& header_;
  psd_rows& from_;
  std::vector<std::vector<std::uint8_t>> channels_;
  std::vector<std::uint8_t> inks_;
  std::optional<cmyk_converter> converter_;
};

} // namespace

result<stored_image> read_psd(const opened_file& file, wanted_size wanted, const limits& max) {
  const auto mapped = mapped_file::of(file);
  if (!mapped)
    return fail(mapped.error());
  const auto header = parse_psd(mapped->text());
  if (!header)
    return fail(header.error());
  stored_image image;
  image.full = header->size;
  if (auto allowed = check_size(image.full, max); !allowed)
    return fail(allowed.error());
  auto channels = psd_rows::open(*header);
  if (!channels)
    return fail(channels.error());
  row_reader read{*header, *channels};
  auto rows = collect_rows(image.full, header->has_alpha ? 4 : 3, wanted.factor(image.full, 1),
                           [&](std::uint32_t y, std::uint8_t* to) { return read(y, to); });
  if (auto taken = take_rows(std::move(rows), image); !taken)
    return fail(taken.error());
  if (!header->has_inks()) // else it has been used
    image.icc.assign(header->icc.begin(), header->icc.end());
  return image;
}

} // namespace mediad::media
