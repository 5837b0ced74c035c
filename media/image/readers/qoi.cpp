#include "media/bytes/file_bytes.hpp"
#include "media/bytes/mapped_file.hpp"
#include "media/image/readers/readers.hpp"
#include "media/image/readers/rows.hpp"

#include <array>

namespace mediad::media {
namespace {

using rgba = std::array<std::uint8_t, 4>;

/// The pixels of a QOI file, one after the other (The Quite OK Image Format, version 1.0).
class qoi_pixels {
public:
  explicit qoi_pixels(std::string_view packed) : rest_{packed} {}

  /// @returns false at the end of the file.
  bool next(rgba& to) {
    if (run_ > 0) {
      --run_;
    } else if (rest_.empty() || !read_one()) {
      return false;
    }
    to = last_;
    return true;
  }

private:
  unsigned take() {
    const auto byte = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return byte;
  }

  bool read_one() {
    constexpr unsigned rgb_tag = 0xFE;
    constexpr unsigned rgba_tag = 0xFF;
    const auto tag = take();
    const std::size_t more = tag == rgb_tag ? 3 : tag == rgba_tag ? 4 : tag >> 6U == 2 ? 1 : 0;
    if (rest_.size() < more)
      return false;
    if (tag == rgb_tag || tag == rgba_tag) {
      for (std::size_t c = 0; c < more; ++c)
        last_.at(c) = static_cast<std::uint8_t>(take());
    } else if (tag >> 6U == 0) {
      last_ = seen_.at(tag);
    } else if (tag >> 6U == 1) {
      add((tag >> 4U & 3U) - 2, (tag >> 2U & 3U) - 2, (tag & 3U) - 2);
    } else if (tag >> 6U == 2) {
      const auto green = (tag & 63U) - 32;
      const auto others = take();
      add(green + (others >> 4U) - 8, green, green + (others & 15U) - 8);
    } else {
      run_ = tag & 63U; // besides this one
    }
    seen_.at((last_[0] * 3U + last_[1] * 5U + last_[2] * 7U + last_[3] * 11U) % seen_.size()) =
      last_;
    return true;
  }

  // Differences wrap around.
  void add(unsigned red, unsigned green, unsigned blue) {
    last_[0] = static_cast<std::uint8_t>(last_[0] + red);
    last_[1] = static_cast<std::uint8_t>(last_[1] + green);
    last_[2] = static_cast<std::uint8_t>(last_[2] + blue);
  }

  std::string_view rest_;
  rgba last_{0, 0, 0, 255};
  std::array<rgba, 64> seen_{};
  unsigned run_ = 0;
};

} // namespace

result<stored_image> read_qoi(const opened_file& file, wanted_size wanted, const limits& max) {
  const auto mapped = mapped_file::of(file);
  if (!mapped)
    return fail(mapped.error());
  constexpr std::size_t header_bytes = 14;
  const auto bytes = mapped->text();
  if (bytes.size() < header_bytes)
    return fail(errc::corrupt_media, "QOI: no header");
  stored_image image;
  image.full = {static_cast<std::uint32_t>(big_endian(bytes, 4, 4)),
                static_cast<std::uint32_t>(big_endian(bytes, 8, 4))};
  if (auto allowed = check_size(image.full, max); !allowed)
    return fail(allowed.error());
  const unsigned channels = big_endian(bytes, 12, 1) == 4 ? 4 : 3;
  qoi_pixels pixels{bytes.substr(header_bytes)};
  const auto read = [&](std::uint32_t, std::uint8_t* to) {
    rgba color{};
    for (std::uint32_t x = 0; x < image.full.width; ++x, to += channels) {
      if (!pixels.next(color))
        return false;
      std::copy_n(color.begin(), channels, to);
    }
    return true;
  };
  auto rows = collect_rows(image.full, channels, wanted.factor(image.full, 1), read);
  if (auto taken = take_rows(std::move(rows), image); !taken)
    return fail(taken.error());
  return image;
}

} // namespace mediad::media
