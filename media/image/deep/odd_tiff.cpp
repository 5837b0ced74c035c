#include "media/image/deep/odd_tiff.hpp"

#include "media/picture/color.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <tiffio.h>

namespace mediad::media {
namespace {

struct close_tiff {
  void operator()(TIFF* file) const noexcept {
    TIFFClose(file);
  }
};
using tiff_handle = std::unique_ptr<TIFF, close_tiff>;

/// What a directory says of its pixels.
struct tiff_kind {
  extent size;
  unsigned photometric = PHOTOMETRIC_MINISBLACK;
  unsigned compression = COMPRESSION_NONE;
  unsigned bits = 1;
  unsigned samples = 1; ///< Samples of a pixel.
  bool is_planar = false;
  int alpha = -1; ///< Index of the sample that is alpha; -1: opaque.
  bool is_premultiplied = false;
  bool has_other_inks = false; ///< Not cyan, magenta, yellow and black.

  bool has_inks() const {
    return photometric == PHOTOMETRIC_SEPARATED && samples >= 4;
  }
  bool has_palette_and_alpha() const {
    return photometric == PHOTOMETRIC_PALETTE && samples > 1 && bits == 8;
  }
  bool has_deep_lab() const {
    return photometric == PHOTOMETRIC_CIELAB && bits != 8; // OpenImageIO calls that damage
  }
  bool has_old_jpeg() const {
    return compression == COMPRESSION_OJPEG;
  }
};

std::uint16_t field(TIFF* file, std::uint32_t tag) {
  std::uint16_t value = 0;
  TIFFGetFieldDefaulted(file, tag, &value);
  return value;
}

tiff_kind kind_of(TIFF* file) {
  tiff_kind found;
  TIFFGetField(file, TIFFTAG_IMAGEWIDTH, &found.size.width);
  TIFFGetField(file, TIFFTAG_IMAGELENGTH, &found.size.height);
  found.photometric = field(file, TIFFTAG_PHOTOMETRIC);
  found.compression = field(file, TIFFTAG_COMPRESSION);
  found.bits = field(file, TIFFTAG_BITSPERSAMPLE);
  found.samples = field(file, TIFFTAG_SAMPLESPERPIXEL);
  found.is_planar = field(file, TIFFTAG_PLANARCONFIG) == PLANARCONFIG_SEPARATE;
  std::uint16_t extras = 0;
  const std::uint16_t* kinds = nullptr;
  TIFFGetFieldDefaulted(file, TIFFTAG_EXTRASAMPLES, &extras, &kinds);
  // A file with a spot colour beside its four inks does not call them CMYK either.
  constexpr unsigned with_a_spot_color = 5;
  found.has_other_inks = found.has_inks() && field(file, TIFFTAG_INKSET) != INKSET_CMYK
                         && field(file, TIFFTAG_NUMBEROFINKS) > with_a_spot_color;
  for (unsigned i = 0; i < extras && extras <= found.samples; ++i)
    if (kinds[i] == EXTRASAMPLE_ASSOCALPHA || kinds[i] == EXTRASAMPLE_UNASSALPHA) {
      found.alpha = static_cast<int>(found.samples - extras + i);
      found.is_premultiplied = kinds[i] == EXTRASAMPLE_ASSOCALPHA;
      break;
    }
  return found;
}

/// Rows of samples of 8 bits, whichever way the file holds them: in strips or tiles, one sample
/// beside the other or each in a plane of its own, 1, 2, 4, 8 or 16 bits.
class sample_rows {
public:
  sample_rows(TIFF* file, const tiff_kind& kind) : file_{file}, kind_{kind} {
    is_tiled_ = TIFFIsTiled(file) != 0;
    std::uint32_t width = kind.size.width;
    std::uint32_t height = 0;
    if (is_tiled_) {
      TIFFGetField(file, TIFFTAG_TILEWIDTH, &width);
      TIFFGetField(file, TIFFTAG_TILELENGTH, &height);
    } else {
      TIFFGetFieldDefaulted(file, TIFFTAG_ROWSPERSTRIP, &height);
    }
    block_ = {width, std::min(height, is_tiled_ ? height : kind.size.height)};
  }

  /// Reads all; calls take(row, y) with kind.samples bytes for each pixel.
  /// @returns how many rows there were.
  template <class Take>
  result<std::uint32_t> each(Take take) {
    const auto samples = kind_.is_planar ? 1U : kind_.samples;
    const auto planes = kind_.is_planar ? kind_.samples : 1U;
    const auto expected = row_bytes(samples) * block_.height;
    const auto bytes = is_tiled_ ? TIFFTileSize64(file_) : TIFFStripSize64(file_);
    constexpr std::uint64_t max_block_bytes = 1U << 30U;
    if (block_.width == 0 || block_.height == 0 || bytes < expected || bytes > max_block_bytes)
      return fail(errc::corrupt_media, "libtiff: blocks of an impossible size");
    std::vector<std::uint8_t> block(bytes);
    std::vector<std::uint8_t> band(std::size_t{kind_.size.width} * kind_.samples * block_.height);
    for (std::uint32_t top = 0; top < kind_.size.height; top += block_.height) {
      for (unsigned plane = 0; plane < planes; ++plane)
        for (std::uint32_t left = 0; left < kind_.size.width; left += block_.width) {
          if (!read_block(left, top, plane, block))
            return top;
          spread(block, left, plane, samples, band);
        }
      const auto high = std::min(block_.height, kind_.size.height - top);
      for (std::uint32_t y = 0; y < high; ++y)
        take(&band[std::size_t{y} * kind_.size.width * kind_.samples], top + y);
    }
    return kind_.size.height;
  }

private:
  bool read_block(std::uint32_t left, std::uint32_t top, unsigned plane,
                  std::vector<std::uint8_t>& to) {
    const auto sample = static_cast<std::uint16_t>(plane);
    const auto size = static_cast<tmsize_t>(to.size());
    if (is_tiled_)
      return TIFFReadTile(file_, to.data(), left, top, 0, sample) >= 0;
    return TIFFReadEncodedStrip(file_, TIFFComputeStrip(file_, top, sample), to.data(), size) >= 0;
  }

  void spread(const std::vector<std::uint8_t>& block, std::uint32_t left, unsigned plane,
              unsigned samples, std::vector<std::uint8_t>& band) const {
    const auto wide = std::min(block_.width, kind_.size.width - left);
    for (std::uint32_t y = 0; y < block_.height; ++y) {
      const auto* in = &block[y * row_bytes(samples)];
      auto* out = &band[(std::size_t{y} * kind_.size.width + left) * kind_.samples];
      for (std::uint32_t x = 0; x < wide; ++x)
        for (unsigned s = 0; s < samples; ++s)
          out[std::size_t{x} * kind_.samples + plane + s] =
            value_of(in, std::size_t{x} * samples + s);
    }
  }

  // Each row of a block begins with a byte of its own.
  std::uint64_t row_bytes(unsigned samples) const {
    return (std::uint64_t{block_.width} * samples * kind_.bits + 7) / 8;
  }

  // libtiff hands 16 bits out in this machine's order.
  std::uint8_t value_of(const std::uint8_t* row, std::size_t index) const {
    if (kind_.bits == 8)
      return row[index];
    if (kind_.bits == 16) {
      std::uint16_t word = 0;
      std::copy_n(row + index * 2, 2, reinterpret_cast<std::uint8_t*>(&word));
      return static_cast<std::uint8_t>(word >> 8U);
    }
    const auto bit = index * kind_.bits;
    const auto most = (1U << kind_.bits) - 1;
    const auto value = unsigned{row[bit / 8]} >> (8 - kind_.bits - bit % 8) & most;
    return static_cast<std::uint8_t>(value * 255 / most);
  }

  TIFF* file_;
  const tiff_kind& kind_;
  bool is_tiled_ = false;
  extent block_;
};

std::vector<std::uint8_t> profile_of(TIFF* file) {
  std::uint32_t count = 0;
  const std::uint8_t* bytes = nullptr;
  if (TIFFGetField(file, TIFFTAG_ICCPROFILE, &count, &bytes) == 0 || count > max_icc_bytes)
    return {};
  return {bytes, bytes + count};
}

// Finishes one row of @p colors (RGB): with the alpha among @p samples, if there is one.
void write_row(const tiff_kind& kind, const std::uint8_t* samples, const std::uint8_t* colors,
               std::uint8_t* to) {
  const std::size_t channels = kind.alpha < 0 ? 3 : 4;
  for (std::uint32_t x = 0; x < kind.size.width; ++x, to += channels) {
    std::copy_n(colors + std::size_t{x} * 3, 3, to);
    if (kind.alpha >= 0)
      to[3] = samples[std::size_t{x} * kind.samples + static_cast<unsigned>(kind.alpha)];
  }
}

result<std::uint32_t> read_inks(TIFF* file, const tiff_kind& kind, stored_image& image) {
  // The inks that are there are said as they are, in a JPEG, too.
  const cmyk_converter converter{profile_of(file), false};
  const auto divided = [](unsigned ink, unsigned alpha) {
    return static_cast<std::uint8_t>(std::min(255U, (ink * 255 + alpha / 2) / alpha));
  };
  std::vector<std::uint8_t> inks(std::size_t{kind.size.width} * 4);
  std::vector<std::uint8_t> colors(std::size_t{kind.size.width} * 3);
  return sample_rows{file, kind}.each([&](const std::uint8_t* row, std::uint32_t y) {
    for (std::uint32_t x = 0; x < kind.size.width; ++x) {
      const auto* from = row + std::size_t{x} * kind.samples;
      const unsigned alpha = kind.is_premultiplied ? from[kind.alpha] : 255U;
      for (std::size_t c = 0; c < 4; ++c)
        inks[std::size_t{x} * 4 + c] = alpha == 0 ? std::uint8_t{0} : divided(from[c], alpha);
    }
    converter.convert(inks.data(), colors.data(), kind.size.width);
    write_row(kind, row, colors.data(), image.pixels.row(y));
  });
}

// The index of a colour cannot be multiplied with alpha, whatever the file says of it.
result<std::uint32_t> read_palette(TIFF* file, const tiff_kind& kind, stored_image& image) {
  std::array<const std::uint16_t*, 3> palette{};
  if (TIFFGetField(file, TIFFTAG_COLORMAP, &palette[0], &palette[1], &palette[2]) == 0)
    return fail(errc::corrupt_media, "libtiff: a palette is missing");
  std::vector<std::uint8_t> colors(std::size_t{kind.size.width} * 3);
  return sample_rows{file, kind}.each([&](const std::uint8_t* row, std::uint32_t y) {
    for (std::uint32_t x = 0; x < kind.size.width; ++x)
      for (std::size_t c = 0; c < 3; ++c)
        colors[std::size_t{x} * 3 + c] =
          static_cast<std::uint8_t>(palette.at(c)[row[std::size_t{x} * kind.samples]] >> 8U);
    write_row(kind, row, colors.data(), image.pixels.row(y));
  });
}

// libtiff's own conversion to RGB, some rows at a time.
result<std::uint32_t> read_by_libtiff(TIFF* file, const tiff_kind& kind, stored_image& image) {
  std::array<char, 1024> why{};
  TIFFRGBAImage reader{};
  if (TIFFRGBAImageOK(file, why.data()) == 0
      || TIFFRGBAImageBegin(&reader, file, 0, why.data()) == 0)
    return fail(errc::unsupported_media, std::string{"libtiff: "} + why.data());
  const std::unique_ptr<TIFFRGBAImage, decltype(&TIFFRGBAImageEnd)> owned{&reader,
                                                                          &TIFFRGBAImageEnd};
  reader.req_orientation = ORIENTATION_TOPLEFT;
  std::vector<std::uint32_t> raster(std::size_t{kind.size.width} * kind.size.height);
  if (TIFFRGBAImageGet(&reader, raster.data(), kind.size.width, kind.size.height) == 0)
    return std::uint32_t{0};
  for (std::uint32_t y = 0; y < kind.size.height; ++y) {
    auto* to = image.pixels.row(y);
    for (std::uint32_t x = 0; x < kind.size.width; ++x, to += image.pixels.channels) {
      const auto pixel = raster[std::size_t{y} * kind.size.width + x];
      to[0] = static_cast<std::uint8_t>(TIFFGetR(pixel));
      to[1] = static_cast<std::uint8_t>(TIFFGetG(pixel));
      to[2] = static_cast<std::uint8_t>(TIFFGetB(pixel));
    }
  }
  return kind.size.height;
}

result<stored_image> read(TIFF* file, const tiff_kind& kind, const limits& max) {
  stored_image image;
  image.full = kind.size;
  if (auto allowed = check_size(image.full, max); !allowed)
    return fail(allowed.error());
  constexpr unsigned max_samples = 64;
  if (kind.samples > max_samples)
    return fail(errc::unsupported_media,
                "libtiff: " + std::to_string(kind.samples) + " samples a pixel");
  if (kind.has_other_inks || kind.has_deep_lab())
    return fail(errc::unsupported_media, "libtiff: other inks than CMYK, or L*a*b* of 16 bits");
  const bool is_raw = !kind.has_old_jpeg();
  constexpr std::array<unsigned, 5> known_bits{1, 2, 4, 8, 16};
  if (is_raw && std::find(known_bits.begin(), known_bits.end(), kind.bits) == known_bits.end())
    return fail(errc::unsupported_media, "libtiff: inks of " + std::to_string(kind.bits) + " bits");
  const auto orientation = field(file, TIFFTAG_ORIENTATION);
  // The conversion by libtiff mirrors and turns nothing but what it is asked for.
  image.orientation = is_raw && orientation >= 1 && orientation <= 8 ? orientation : 1;
  image.pixels = picture{kind.size.width, kind.size.height, is_raw && kind.alpha >= 0 ? 4U : 3U};
  const auto rows = kind.has_old_jpeg() ? read_by_libtiff(file, kind, image)
                    : kind.has_inks()   ? read_inks(file, kind, image)
                                        : read_palette(file, kind, image);
  if (!rows)
    return fail(rows.error());
  if (*rows == 0)
    return fail(errc::corrupt_media, "libtiff: the pixels cannot be read");
  image.is_incomplete = *rows < kind.size.height;
  if (!kind.has_inks())
    image.icc = profile_of(file);
  image.pixels = without_needless_alpha(std::move(image.pixels));
  return image;
}

} // namespace

std::optional<result<stored_image>> read_odd_tiff(const opened_file& file, int page,
                                                  const limits& max) {
  TIFFSetErrorHandler(nullptr); // it would write every flaw to stderr
  TIFFSetWarningHandler(nullptr);
  const tiff_handle opened{TIFFOpen(file.name().c_str(), "r")};
  if (!opened || TIFFSetDirectory(opened.get(), static_cast<tdir_t>(page)) == 0)
    return std::nullopt;
  const auto kind = kind_of(opened.get());
  if (!kind.has_inks() && !kind.has_palette_and_alpha() && !kind.has_deep_lab()
      && !kind.has_old_jpeg())
    return std::nullopt;
  return read(opened.get(), kind, max);
}

} // namespace mediad::media
