#include "media/image/readers/png_quick.hpp"

#include "media/bytes/exif.hpp"
#include "media/bytes/file_bytes.hpp"
#include "media/image/readers/png_rows.hpp"
#include "media/picture/color.hpp"
#include "media/picture/row_averager.hpp"

#include <algorithm>
#include <cstring>
#include <libdeflate.h>
#include <memory>
#include <sys/mman.h>

namespace mediad::media {
namespace {

struct free_decompressor {
  void operator()(libdeflate_decompressor* d) const noexcept {
    libdeflate_free_decompressor(d);
  }
};

constexpr std::size_t signature_bytes = 8;
constexpr std::size_t chunk_frame_bytes = 12; // length, type, checksum

// The header, if the picture is gray, in colour or with a palette, with or without alpha, in whole
// bytes and not interlaced.
std::optional<png_header> read_header(std::string_view bytes) {
  png_header h;
  h.size = {static_cast<std::uint32_t>(big_endian(bytes, 16, 4)),
            static_cast<std::uint32_t>(big_endian(bytes, 20, 4))};
  h.depth = static_cast<unsigned>(big_endian(bytes, 24, 1));
  h.color = static_cast<unsigned>(big_endian(bytes, 25, 1));
  const bool is_known =
    h.color == 0 || h.color == 2 || h.color == 3 || h.color == 4 || h.color == 6;
  const bool is_whole = h.depth == 8 || (h.depth == 16 && h.color != 3);
  const bool is_plain = big_endian(bytes, 26, 3) == 0; // compression, filter, interlace
  return is_known && is_whole && is_plain && has_at(bytes, 12, "IHDR") ? std::optional{h}
                                                                       : std::nullopt;
}

/// The chunks that matter: IDAT joined, and whether another reader must have a look.
struct chunks {
  std::string packed;
  bool is_srgb = false;
  std::uint64_t gamma = 0;   ///< The gamma in 100,000ths; 0: the file names none.
  bool needs_libpng = false; ///< It has a transparent colour, or an unknown critical chunk.
};

// The profile of an iCCP chunk, which stands behind a name and the way of its compression (only one
// exists; 11.3.2.3). Empty if it is damaged.
std::vector<std::uint8_t> inflated_profile(std::string_view content) {
  const auto name_end = content.find('\0');
  if (name_end == std::string_view::npos || content.size() < name_end + 2)
    return {};
  const auto packed = content.substr(name_end + 2);
  const std::unique_ptr<libdeflate_decompressor, free_decompressor> inflate{
    libdeflate_alloc_decompressor()};
  if (!inflate)
    throw std::bad_alloc{};
  std::vector<std::uint8_t> profile(max_icc_bytes);
  std::size_t got = 0;
  if (libdeflate_zlib_decompress(inflate.get(), packed.data(), packed.size(), profile.data(),
                                 profile.size(), &got)
      != LIBDEFLATE_SUCCESS)
    return {};
  profile.resize(got);
  return profile;
}

// A gamma of its own counts where neither a profile nor sRGB is named (4.3).
bool has_own_gamma(const chunks& found, const stored_image& image) {
  constexpr std::uint64_t of_srgb = 45'455;
  return found.gamma != 0 && found.gamma != of_srgb && !found.is_srgb && image.icc.empty();
}

// The buffer has tens of megabytes that are written once: larger pages save a tenth of the time.
void prefer_large_pages(void* begin, std::size_t bytes) {
  constexpr std::uintptr_t page = 4096;
  const auto from = (reinterpret_cast<std::uintptr_t>(begin) + page - 1) / page * page;
  const auto to = (reinterpret_cast<std::uintptr_t>(begin) + bytes) / page * page;
  if (to > from)
    static_cast<void>(::madvise(reinterpret_cast<void*>(from), to - from, MADV_HUGEPAGE));
}

std::optional<chunks> read_chunks(std::string_view bytes, png_header& header, const limits& max,
                                  stored_image& image) {
  chunks found;
  found.packed.reserve(bytes.size());
  prefer_large_pages(found.packed.data(), bytes.size());
  for (auto at = signature_bytes; at + chunk_frame_bytes <= bytes.size();) {
    const auto length = static_cast<std::size_t>(big_endian(bytes, at, 4));
    if (length > bytes.size() - at - chunk_frame_bytes)
      return std::nullopt;
    const auto type = bytes.substr(at + 4, 4);
    const auto content = bytes.substr(at + 8, length);
    const bool is_critical = (type[0] & 0x20) == 0;
    if (is_critical
        && libdeflate_crc32(0, bytes.data() + at + 4, length + 4)
             != big_endian(bytes, at + 8 + length, 4))
      return std::nullopt;
    if (type == "IEND")
      return found;
    if (type == "IDAT")
      found.packed.append(content);
    else if (type == "PLTE")
      header.palette = content;
    else if (type == "eXIf" && length <= max.max_metadata_bytes)
      image.exif.assign(content.begin(), content.end());
    else if (type == "iCCP")
      image.icc = inflated_profile(content);
    else if (type == "sRGB")
      found.is_srgb = true;
    else if (type == "gAMA")
      found.gamma = big_endian(content, 0, 4);
    else if (type == "tRNS" || (is_critical && type != "IHDR"))
      found.needs_libpng = true;
    at += chunk_frame_bytes + length;
  }
  return std::nullopt; // no end
}

// Puts the rows, as they come, into the picture or into means of squares.
class row_sink {
public:
  row_sink(const png_header& header, std::uint32_t factor)
    : header_{&header},
      channels_{header.has_alpha() ? 4U : 3U},
      is_plain_{header.depth == 8 && (header.color == 2 || header.color == 6)} {
    if (factor > 1)
      means_.emplace(header.size, channels_, factor);
    else
      whole_ = picture{header.size.width, header.size.height, channels_};
    if (factor > 1 && !is_plain_)
      spread_.resize(std::size_t{header.size.width} * channels_);
  }

  bool take(const std::uint8_t* row, std::uint32_t y) {
    if (is_plain_ && means_)
      means_->add(row);
    else if (is_plain_)
      std::memcpy(whole_.row(y), row, whole_.stride());
    else if (!spread_png_row(row, means_ ? spread_.data() : whole_.row(y), *header_, channels_))
      return false;
    else if (means_)
      means_->add(spread_.data());
    return true;
  }
  picture finish() && {
    return means_ ? std::move(*means_).finish() : std::move(whole_);
  }

private:
  const png_header* header_;
  std::uint32_t channels_;
  bool is_plain_;
  std::optional<row_averager> means_;
  std::vector<std::uint8_t> spread_;
  picture whole_;
};

// Returns nothing if the pixels are damaged or cut off.
std::optional<picture> unpack(const png_header& header, const std::string& packed,
                              std::uint32_t factor) {
  const auto row_bytes = header.size.width * header.pixel_bytes();
  const auto whole = (row_bytes + 1) * header.size.height;
  // The row above the first one counts as zeros.
  const auto rows = std::make_unique_for_overwrite<std::uint8_t[]>(row_bytes + whole);
  prefer_large_pages(rows.get(), row_bytes + whole);
  std::memset(rows.get(), 0, row_bytes);
  const std::unique_ptr<libdeflate_decompressor, free_decompressor> inflate{
    libdeflate_alloc_decompressor()};
  if (!inflate)
    throw std::bad_alloc{};
  std::size_t got = 0;
  if (libdeflate_zlib_decompress(inflate.get(), packed.data(), packed.size(),
                                 rows.get() + row_bytes, whole, &got)
        != LIBDEFLATE_SUCCESS
      || got != whole)
    return std::nullopt;
  const auto undo = png_unfilter_for(header.pixel_bytes());
  // Colours of transparent pixels must not be averaged without their alpha. Most pictures with
  // alpha are opaque all the same; the others begin again with the rows that have been read.
  auto is_averaged = factor > 1;
  row_sink to{header, factor};
  const auto* above = rows.get();
  const auto row_at = [&](std::uint32_t y) {
    return rows.get() + row_bytes + y * (row_bytes + 1) + 1;
  };
  for (std::uint32_t y = 0; y < header.size.height; ++y) {
    auto* row = row_at(y);
    if (!undo(row[-1], row, above, row_bytes))
      return std::nullopt;
    if (is_averaged && header.has_alpha() && !is_opaque_png_row(header, row)) {
      is_averaged = false;
      to = row_sink{header, 1};
      for (std::uint32_t earlier = 0; earlier < y; ++earlier)
        to.take(row_at(earlier), earlier);
    }
    if (!to.take(row, y))
      return std::nullopt;
    above = row;
  }
  return std::move(to).finish();
}

} // namespace

bool read_png_quickly(std::string_view bytes, wanted_size wanted, const limits& max,
                      stored_image& image) {
  auto h = read_header(bytes);
  if (!h || h->size != image.full)
    return false;
  auto found = read_chunks(bytes, *h, max, image);
  if (!found || found->needs_libpng || has_own_gamma(*found, image))
    return false;
  const auto factor = wanted.factor(image.full, exif_orientation(image.exif));
  auto pixels = unpack(*h, found->packed, factor);
  if (!pixels)
    return false;
  image.pixels = std::move(*pixels);
  return true;
}

} // namespace mediad::media
