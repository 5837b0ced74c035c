#pragma once

#include "base/error.hpp"
#include "media/image/readers/psd_zip.hpp"
#include "media/picture/picture.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

/// Adobe Photoshop File Formats Specification. Only the merged picture is read, which stands behind
/// the layers: what those hold, and how it is packed, does not matter.
namespace mediad::media {

enum class psd_mode : std::uint8_t {
  bitmap = 0,
  gray = 1,
  indexed = 2,
  rgb = 3,
  cmyk = 4,
  multichannel = 7,
  duotone = 8
};

/// How the merged picture is packed (Image Data Section).
enum class psd_packing : std::uint16_t { none = 0, runs = 1, zip = 2, predicted_zip = 3 };

struct psd_header {
  extent size;
  bool is_big = false; ///< PSB: some lengths take 8 bytes.
  unsigned channels = 0;
  unsigned bits = 0; ///< 1, 8, 16, or 32: floats of linear light.
  psd_mode mode = psd_mode::rgb;
  std::string_view palette; ///< 256 reds, greens and blues.
  std::string_view icc;
  bool has_alpha = false; ///< The channel behind the colours is the alpha of the merged picture.
  std::string_view merged;

  /// Channels that make the colours.
  unsigned colors() const {
    switch (mode) {
    case psd_mode::rgb: return 3;
    case psd_mode::cmyk: return 4;
    case psd_mode::multichannel: return channels >= 4 ? 4 : channels == 3 ? 3 : 1;
    default: return 1;
    }
  }
  bool has_inks() const {
    return mode == psd_mode::cmyk || (mode == psd_mode::multichannel && channels >= 4);
  }
  std::size_t row_bytes() const {
    return (std::size_t{size.width} * bits + 7) / 8;
  }
};

/// @param bytes outlive what is returned.
/// @returns errc::unsupported_media for a kind of pixels that is not read.
result<psd_header> parse_psd(std::string_view bytes);

/// The rows of the merged picture's channels, which stand one behind the other.
class psd_rows {
public:
  /// @param h outlives it.
  static result<psd_rows> open(const psd_header& h);

  /// Each channel is read from its first row to its last one.
  /// @param to psd_header::row_bytes() long.
  /// @returns false if the file ends before the row.
  bool read(unsigned channel, std::uint32_t y, std::span<std::uint8_t> to);

private:
  explicit psd_rows(const psd_header& h) : header_{&h} {}
  void find_rows(std::string_view data);
  bool unzip(unsigned channel, std::span<std::uint8_t> to);

  const psd_header* header_;
  psd_packing packing_ = psd_packing::none;
  std::string_view raw_;
  std::vector<std::string_view> rows_;
  std::vector<zipped_plane> planes_;
};

} // namespace mediad::media
