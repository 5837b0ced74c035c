#pragma once

#include <cstddef>
#include <cstdint>
#include <future>
#include <span>
#include <vector>

namespace mediad::media::av {

/// Writes to a file in large pieces, one at a time, on a thread of its own: who brings the bytes
/// reads the next ones meanwhile. Where there can be no other thread, on this one.
class late_writer {
public:
  /// @param fd outlives it.
  explicit late_writer(int fd);
  late_writer(const late_writer&) = delete;

  /// Takes @p bytes, for @p position. They are written in the order they come.
  /// @returns 0, or an errno: why something before it could not be written.
  int take(std::span<const std::uint8_t> bytes, std::int64_t position);

  /// Waits until all of it is written. @returns as take().
  int drain();

private:
  int begin_piece();

  int fd_;
  std::vector<std::uint8_t> filling_;
  std::int64_t filling_at_ = 0; ///< Its place in the file.
  std::vector<std::uint8_t> written_;
  std::future<int> done_; ///< Of written_; waits when it is destroyed, so before that.
};

/// Writes all of @p bytes at @p position. @returns 0 or an errno.
int write_at(int fd, std::span<const std::uint8_t> bytes, std::int64_t position);

} // namespace mediad::media::av
