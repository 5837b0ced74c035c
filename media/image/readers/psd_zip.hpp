#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

struct z_stream_s;

namespace mediad::media {

/// One channel of a merged picture that is packed as ZIP. One stream of zlib holds all channels, or
/// each has a stream of its own, as ImageMagick 7 writes them.
class zipped_plane {
public:
  /// @param packed outlives what is returned.
  /// @returns the first @p count of them, of @p bytes each; fewer if the file ends earlier.
  static std::vector<zipped_plane> first(std::size_t count, std::uint64_t bytes,
                                         std::string_view packed);

  /// Unpacks what comes next. @returns false if the file ends before @p to is full.
  bool next(std::span<std::uint8_t> to);

private:
  struct end_stream {
    void operator()(z_stream_s* stream) const noexcept;
  };
  using stream_handle = std::unique_ptr<z_stream_s, end_stream>; // zlib remembers its address
  explicit zipped_plane(stream_handle stream);
  static zipped_plane open(std::string_view packed);
  zipped_plane copy() const;

  stream_handle stream_;
};

/// Makes values of the differences to their left neighbours that one row of @p bits holds.
void undo_prediction(std::span<std::uint8_t> row, unsigned bits);

} // namespace mediad::media
