#pragma once

#include <cstddef>
#include <cstdint>
#include <future>
#include <span>
#include <vector>

namespace mediad::media::av {

/// Writes to a file in large pieces, one at a time, on a background thread, so that the caller can
/// read on. Falls back to the calling thread if none can be started.
class late_writer {
public:
  /// @param fd must outlive the writer.
  explicit late_writer(int fd);
  late_writer(const late_writer&) = delete;

  /// Takes @p bytes, for @p position in the file; pieces are written in the order of the calls.
  /// @returns 0, or the errno with which an earlier piece could not be written.
  int take(std::span<const std::uint8_t> bytes, std::int64_t position);

  /// Waits until all of it is written. @returns as take().
  int drain();

private:
  int begin_piece();

  int fd_;
  std::vector<std::uint8_t> filling_;
  std::int64_t filling_at_ = 0; ///< Position of filling_ in the file.
  std::vector<std::uint8_t> written_;
  std::future<int> done_; ///< Result of writing written_. Its destructor waits, so it stands last.
};

/// Writes all of @p bytes at @p position. @returns 0 or an errno.
int write_at(int fd, std::span<const std::uint8_t> bytes, std::int64_t position);

} // namespace mediad::media::av
