#include "media/image/readers/psd_zip.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <new>
#include <utility>
#include <zlib.h>

namespace mediad::media {

void zipped_plane::end_stream::operator()(z_stream* stream) const noexcept {
  const std::unique_ptr<z_stream> owned{stream};
  inflateEnd(stream);
}

zipped_plane::zipped_plane(stream_handle stream) : stream_{std::move(stream)} {}

zipped_plane zipped_plane::open(std::string_view packed) {
  stream_handle stream{std::make_unique<z_stream>().release()};
  // zlib only reads, though its interface has no const. What is beyond 4 GiB counts as missing.
  stream->next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream->avail_in =
    static_cast<uInt>(std::min<std::size_t>(packed.size(), std::numeric_limits<uInt>::max()));
  if (inflateInit(stream.get()) != Z_OK)
    throw std::bad_alloc{};
  return zipped_plane{std::move(stream)};
}

zipped_plane zipped_plane::copy() const {
  stream_handle stream{std::make_unique<z_stream>().release()};
  if (inflateCopy(stream.get(), stream_.get()) != Z_OK)
    throw std::bad_alloc{};
  return zipped_plane{std::move(stream)};
}

// A plane has no index to begin at. All are unpacked once, to remember the state at which each one
// begins: that takes less memory than the planes.
std::vector<zipped_plane> zipped_plane::first(std::size_t count, std::uint64_t bytes,
                                              std::string_view packed) {
  std::vector<zipped_plane> planes;
  std::array<std::uint8_t, 1U << 16U> skipped;
  auto all = open(packed);
  for (;;) {
    planes.push_back(all.copy());
    if (planes.size() == count)
      return planes;
    for (auto left = bytes; left > 0;) {
      const auto part = std::min<std::uint64_t>(left, skipped.size());
      if (!all.next(std::span{skipped}.first(part)))
        return planes;
      left -= part;
    }
  }
}

bool zipped_plane::next(std::span<std::uint8_t> to) {
  stream_->next_out = to.data();
  stream_->avail_out = static_cast<uInt>(to.size());
  while (stream_->avail_out > 0) {
    const int rc = inflate(stream_.get(), Z_NO_FLUSH);
    if (rc == Z_STREAM_END ? inflateReset(stream_.get()) != Z_OK : rc != Z_OK)
      return false;
  }
  return true;
}

namespace {

void add_up(std::span<std::uint8_t> row) {
  for (std::size_t i = 1; i < row.size(); ++i)
    row[i] = static_cast<std::uint8_t>(row[i] + row[i - 1]);
}

// Big-endian.
void add_up_words(std::span<std::uint8_t> row) {
  for (std::size_t i = 2; i + 1 < row.size(); i += 2) {
    const auto word = (row[i - 2] << 8) + row[i - 1] + (row[i] << 8) + row[i + 1];
    row[i] = static_cast<std::uint8_t>(word >> 8);
    row[i + 1] = static_cast<std::uint8_t>(word);
  }
}

} // namespace

void undo_prediction(std::span<std::uint8_t> row, unsigned bits) {
  if (bits == 8) {
    add_up(row);
  } else if (bits == 16) {
    add_up_words(row);
  } else if (bits == 32) {
    // The first bytes of all values come first, then the second ones (Adobe Photoshop TIFF
    // Technical Note 3, floating point predictor).
    add_up(row);
    const std::vector<std::uint8_t> apart(row.begin(), row.end());
    const auto width = row.size() / 4;
    for (std::size_t i = 0; i < width * 4; ++i)
      row[i] = apart[i % 4 * width + i / 4];
  }
}

} // namespace mediad::media
